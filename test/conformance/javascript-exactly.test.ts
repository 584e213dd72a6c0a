import {
  dense, exportJavascript, gatedDeltaNet, javascript, linearAttention, mamba2, matrixCell, matrixLayers, mLstm,
  matrixRecurrence, multiHeadAttention, namedVariables,
  oneHot, quantize, residual, rgLru, rmsNorm, rwkv7, rwkv7ChannelMix, sequential, sigmoid, sLstm, tanh, tokens,
  type Blueprint, type MultiHeadOptions, type Sequential,
} from 'recurra'
import { describe, expect, it } from 'vitest'

interface Exported {
  step(x: number | readonly number[]): Float64Array
  reset(): void
}
const imported = async (model: Sequential): Promise<Exported> => (await import(
  /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(exportJavascript(model))}`)) as Exported

const sizes = { heads: 2, keys: 3 }
const over = (options: MultiHeadOptions): Blueprint =>
  multiHeadAttention(2, { over: 'causal', ...options }) as Blueprint
/** Its names are no identifiers, and its output reads what is per head. */
const own = matrixRecurrence('own', {
  projections: { 'a key': 'key', value: 'value', 'the decay': 'head' },
  params: { 'a scale': ['value', 1], each: ['headKey', 0.5] },
  head: ({ x }) => ({ decay: sigmoid(x['the decay']), 'another one': x['the decay'], m: x['the decay'] }),
  key: ({ x, param }) => ({ query: x['a key'].mul(param.each), key: x['a key'] }),
  value: ({ x }) => x.value,
  output: ({ y, head, param }) => y.mul(param['a scale']).add(head['another one']).sub(head.m.mul(0.5)),
})
const strange = matrixCell(
  'strange', { row: ['a key', 'q'], column: ['v'], scalar: ['x'] },
  ({ S, gate: { 'a key': key, q, v, x } }) => {
    const next = S.mul(sigmoid(x)).add(key.mul(tanh(v)))
    return { S: next, y: q.mul(next) }
  },
)
const layers: { readonly [what: string]: Blueprint } = {
  ...Object.fromEntries(Object.entries(matrixLayers).map(([name, make]) => [name, make(4, sizes) as Blueprint])),
  'short convolutions of keys': gatedDeltaNet(4, { ...sizes, convolution: 4 }) as Blueprint,
  'short convolutions of all heads': mamba2(4, { ...sizes, convolution: 3 }) as Blueprint,
  'convolutions over one step': linearAttention(4, { ...sizes, convolution: 1 }) as Blueprint,
  'a norm of heads': mLstm(4, { ...sizes, norm: true }) as Blueprint,
  'low ranks': rwkv7(4, { ...sizes, ranks: { decay: 2, rate: 3, gate: 1 } }) as Blueprint,
  'a decay of a low rank': linearAttention(4, { ...sizes, ranks: { decay: 2 } }) as Blueprint,
  'a decay per head': linearAttention(4, { ...sizes, decay: 'head' }) as Blueprint,
  'fixed decays': linearAttention(4, { ...sizes, decay: 'fixed' }) as Blueprint,
  'rotary positions': linearAttention(4, { heads: 2, keys: 4, decay: 'fixed', positions: 'rotary' }) as Blueprint,
  'no decay': linearAttention(4, { decay: 'none' }) as Blueprint,
  'a recurrence of ones own': own(4, sizes) as Blueprint,
  'a matrix cell': strange({ heads: 2, rows: 3, columns: 2 }) as Blueprint,
  rwkv7ChannelMix: rwkv7ChannelMix({ hidden: 5 }) as Blueprint,
  rgLru: rgLru(4) as Blueprint,
  sLstm: sLstm(4) as Blueprint,
  'sLstm with heads': sLstm(4, { heads: 2 }) as Blueprint,
  heads: over({ window: 3 }),
  'heads with rotary positions': over({ window: 3, positions: 'rotary', keySize: 4 }),
  'heads with ALiBi': over({ window: 4, positions: 'alibi', keySize: 3, bias: false }),
  'a window of one step': over({ window: 1 }),
}

const made = (layer: Blueprint, options: { readonly backend?: ReturnType<typeof javascript> } = {}): Sequential =>
  sequential(4, [residual([rmsNorm(), layer, dense(4)] as never), dense(3)] as never, { seed: 7, ...options }) as never

const inputs = [[0.5, -1, 2, 0], [0, 0, 0, 0], [3, -2, 1, 0.25], [-40, 0, 1, 30], [1, 1, -1, 1], [0.5, -1, 2, 0]]

describe('as JavaScript, exactly what the stream gives:', () => {
  it.each(Object.keys(layers))('%s', async (what) => {
    const model = made(layers[what]!, { backend: javascript({ dtype: 'float64' }) })
    for (const [, { value }] of namedVariables(model.params)) // as the file has them
      model.backend.write(value, Float32Array.from(model.backend.read(value)))
    const { step, reset } = await imported(model)
    for (let again = 0; again < 2; again++) {
      const stream = model.stream()
      for (const x of inputs)
        expect([...step(x)]).toEqual([...stream.step(x).data].map((y) => expect.closeTo(y, 11) as number))
      reset()
    }
  })

  it.each(Object.keys(layers))('quantized, %s', async (what) => {
    const model = quantize(made(layers[what]!))
    const { step } = await imported(model)
    const stream = model.stream()
    for (const x of inputs)
      expect([...step(x)]).toEqual([...stream.step(x).data].map((y) => expect.closeTo(y, 4) as number))
  })
})

it('as JavaScript, a recurrence reads tokens as rows', async () => {
  const model = sequential(tokens(4), [oneHot(), matrixLayers.rwkv7(4, sizes), dense(3)], { seed: 2 })
  const { step } = await imported(model)
  const stream = model.stream()
  for (const token of [3, 0, 0, 2])
    expect([...step(token)]).toEqual([...stream.step(token).data].map((y) => expect.closeTo(y, 5) as number))
})

it('as JavaScript, a recurrence that reads the values of another is refused by name', () => {
  const later = matrixLayers.rwkv7(4, { ...sizes, ranks: { first: 2 } })
  const model = sequential(4, [matrixLayers.rwkv7(4, sizes), later], { seed: 2 })
  expect(() => exportJavascript(model)).toThrow('rwkv7, which reads the values of an earlier layer')
})
