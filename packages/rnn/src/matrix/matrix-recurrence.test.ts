import { constant, type Expression } from '@recurra/formula'
import { javascript } from '@recurra/backend'
import { sequential, wireFor, type Blueprint, type Initializers, type Layer, type Variable } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { bidirectional, linearAttention, matrixRecurrence, mLstm, rwkv7 } from '../index.ts'

type Scope = { x: { [name: string]: Expression } }
const good = {
  projections: { k: 'key', v: 'value' },
  head: () => ({ decay: constant(0.5) }),
  key: ({ x }: Scope) => ({ query: x['k'], key: x['k'] }),
  value: ({ x }: Scope) => x['v'],
}
const made = (other: object) => () => matrixRecurrence('mine', { ...good, ...other } as never)

describe('matrixRecurrence', () => {
  it('adds keys times values, decays, and reads them', () => {
    const layer = made({})()(1)
    const model = sequential(1, [layer], { backend: javascript({ dtype: 'float64' }) })
    for (const { value } of Object.values(model.layers[0]!.params) as { value: never }[])
      model.backend.write(value, [1])
    const stream = model.stream()
    const read = (x: number): number => model.backend.read(stream.step([x]))[0]!
    expect([read(2), read(3), read(0)]).toEqual([8, 33, 0]) // 2·4, then 3·(4 / 2 + 9)
  })

  it('refuses what it would ignore or cannot read', () => {
    for (const [wrong, says] of [
      [made({ keys: 1 }), 'got keys. Did you mean key?'],
      [made({ key: undefined }), 'expected key to be a function'],
      [made({ projections: { k: 'keys', v: 'value' } }), 'got keys. Did you mean key?'],
      [made({ biases: { q: 0 } }), 'expected a known projection with a bias, got q'],
      [made({ head: undefined }), 'expected a decay, of head or of key'],
      [made({ value: ({ x }: Scope) => x['k'] }), 'expected a known projection of this grid, got k'],
      [made({ value: () => constant(1) }), 'got x.v nowhere'],
      [made({ convolved: { q: {} } }), 'expected a known projection with a convolution, got q'],
      [made({ convolved: { k: { biases: true } } }), 'Did you mean bias?'],
      [made({ lowRank: { k: { activations: 1 } } }), 'Did you mean activation?'],
      [made({ params: { kWeight: ['head', 1] } }), 'expected parameters with names of their own, got kWeight'],
      [made({ output: ({ head, y }: { head: { decay: Expression }; y: Expression }) => y.mul(head.decay) }),
        'expected an output that does not read the decay'],
    ] as const) {
      expect(wrong).toThrow(ConfigurationError)
      expect(wrong).toThrow(says)
    }
  })

  it('begins with the given values, and refuses those of a parameter that there is not', () => {
    const layerOf = (initializers: Initializers, make: (o: object) => Blueprint): Layer =>
      sequential(3, [make({ initializers })], { backend: javascript() }).layers[0]!
    const { params, backend } = layerOf({ inputBias: -2, queryWeight: 0.5 }, (o) => mLstm(2, o) as Blueprint)
    const { inputBias, queryWeight } = params as { readonly [name: string]: Variable }
    expect([...backend.read(inputBias!.value)]).toEqual([-2])
    expect([...backend.read(queryWeight!.value)]).toEqual(Array.from({ length: 6 }, () => 0.5))
    expect(() => layerOf({ inputBiases: 0 }, (o) => mLstm(2, o) as Blueprint)).toThrow('got inputBiases')
    expect(() => layerOf({ decayWeigth: 0 }, (o) => linearAttention(2, o) as Blueprint)).toThrow('got decayWeigth')
  })

  it('refuses sizes that do not fit', () => {
    expect(() => mLstm(6, { heads: 4 })).toThrow('expected heads that divide the size, 6, got 4')
    expect(() => mLstm(0)).toThrow(ConfigurationError)
    expect(() => linearAttention(4, { chunk: 0 })).toThrow('chunk')
    expect(() => linearAttention(4, { ranks: { decay: 0 } })).toThrow('positive integers by projection')
    expect(() => linearAttention(4, { ranks: { key: 2 } })).toThrow('projection that may have a low rank, got key')
    expect(() => mLstm(4, { convolution: 4 })).toThrow('expected no convolution')
    for (const decay of ['none', 'fixed', 'head'] as const)
      expect(() => linearAttention(4, { decay, ranks: { decay: 2 } })).toThrow('that may have a low rank, got decay')
    expect(() => linearAttention(4, { decay: 'keys' as never })).toThrow('Did you mean key?')
  })
})

it('rotary positions need a decay per head and keys in pairs', () => {
  const rotary = { positions: 'rotary' } as const
  expect(() => linearAttention(4, rotary)).toThrow("got decay: 'key'. Pass decay: 'fixed'")
  expect(() => linearAttention(4, { ...rotary, decay: 'head', keys: 3 })).toThrow('expected an even number of keys')
  expect(() => linearAttention(4, { ...rotary, decay: 'head', heads: 4 })).toThrow(ConfigurationError)
  const perRow = { head: undefined, rotary: true, key: ({ x }: Scope) => ({ ...good.key({ x }), decay: x['k'] }) }
  expect(made(perRow)).toThrow('expected a decay per head with rotary')
  expect(made({ rotary: 1 })).toThrow('expected rotary')
})

describe('rwkv7 that reads the values of the first one', () => {
  const later = (size: number) => rwkv7(size, { ranks: { first: 1 } }) as Blueprint
  const stream = (...layers: readonly Blueprint[]) => () =>
    sequential(2, layers as never, { backend: javascript() }).stream()

  it('needs one before it, of the same size and in the same order of steps', () => {
    expect(stream(later(2))).toThrow('a layer of this type and size before it, 2, whose values it reads, got none')
    expect(stream(rwkv7(4), later(2))).toThrow('got one of size 4')
    expect(stream(rwkv7(2), mLstm(2), later(2), later(2))).not.toThrow()
    const both = sequential(2, [bidirectional((o) => rwkv7(2, o)), later(2)] as never, { backend: javascript() })
    const callShape = { steps: 3, batch: 1, mode: 'inference' } as const
    expect(() => both.plan(wireFor(both as never, callShape), callShape)).toThrow('got none')
  })
})

it('options that are no object are a typed error, before any of them is read', () => {
  expect(() => rwkv7(4, null as never)).toThrow(ConfigurationError)
})
