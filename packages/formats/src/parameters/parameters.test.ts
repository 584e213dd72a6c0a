import { javascript } from '@recurra/backend'
import {
  activation, dense, dropout, embedding, layerNorm, namedVariables, oneHot, Sequential, sequence, stack, tokens,
  type Blueprint, type Sequence, type Signal,
} from '@recurra/layers'
import { bidirectional, cells, last, repeat } from '@recurra/rnn'
import { flatValues, Random, RecurraError } from '@recurra/tensor'
import { predict } from '@recurra/training'
import { describe, expect, it } from 'vitest'
import { importModel } from '../import/import-model.ts'
import { readNpz } from '../npz/read-npz.ts'
import { writeNpz } from '../npz/write-npz.ts'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import { writeSafetensors } from '../safetensors/write-safetensors.ts'
import { keras } from '../frameworks/keras/keras.ts'
import { loadParameters } from './load-parameters.ts'
import { parametersOf } from './parameters-of.ts'
import { pytorch } from '../frameworks/pytorch/pytorch.ts'
import { recurra } from './layout.ts'

const backend = javascript({ dtype: 'float64' })
type Make = (size: number, options?: object) => Blueprint<Sequence, Sequence>
const makers = Object.entries(cells) as unknown as readonly (readonly [string, Make])[]

const cases: readonly (readonly [name: string, input: Signal, layers: readonly unknown[]])[] = [
  ['dense', sequence(3), [dense(2)]],
  ['dense without bias', sequence(3), [dense(2, { bias: false })]],
  ['layer norm', sequence(3), [layerNorm()]],
  ['embedding', tokens(5), [embedding(3), dense(2)]],
  ['one-hot', tokens(5), [oneHot(), dense(2)]],
  ['what learns nothing', sequence(3), [activation('tanh'), dropout(0.5), last(), repeat(2), dense(2)]],
  ['a stack of dense layers', sequence(3), [stack(2, dense(3) as Blueprint)]],
  ...makers.flatMap(([type, make]) =>
    (type === 'lru' ? [{}] : [{ biases: 0 }, { biases: 1 }, { biases: 2 }]).flatMap((options) => {
      const called = `${type}, ${JSON.stringify(options)}`
      return [
        [called, sequence(3), [make(2, options), dense(2)]] as const,
        [
          `both directions of ${called}`,
          sequence(3),
          [bidirectional((direction) => make(2, { ...direction, ...options }))],
        ] as const,
        [`a stack of ${called}`, sequence(3), [stack(2, make(2, options) as Blueprint), dense(2)]] as const,
      ]
    }),
  ),
  ['other gates', sequence(3), [cells.lstm(2, { biases: 1, recurrentActivation: 'hardSigmoidKeras2' })]],
  ['a projection', sequence(3), [cells.lstm(3, { projection: 2 }), dense(2)]],
]

const built = (input: Signal, layers: readonly unknown[], seed: number): Sequential => {
  const model = new Sequential(input, layers as readonly Blueprint[], { backend, random: new Random(seed) })
  const random = new Random(seed)
  for (const [, { value }] of namedVariables(model.params))
    backend.write(value, Array.from(backend.read(value), () => random.uniform(-1, 1)))
  return model
}

const outputs = async (model: Sequential): Promise<number[]> => {
  const random = new Random(3)
  const { kind, size } = model.in
  const x = Array.from({ length: kind === 'tokens' ? 8 : 8 * size }, () =>
    kind === 'tokens' ? random.integer(size) : random.normal(),
  )
  const all: number[] = []
  for await (const { y } of predict(model, {
    steps: 4,
    batch: 2,
    batches: 1,
    padded: false,
    carry: false,
    epoch: () => [{ x, target: [] }],
  }))
    all.push(...flatValues(y))
  return all
}

/** What a run gives, or the typed error with which it is refused; any other error is a fault. */
const refused = async <T>(run: () => T): Promise<Awaited<T> | undefined> => {
  try {
    return await run()
  } catch (error) {
    if (error instanceof RecurraError) return undefined
    throw error
  }
}

const files = {
  safetensors: (tensors: ReturnType<typeof parametersOf>) => readSafetensors(writeSafetensors(tensors)).tensors,
  npz: (tensors: ReturnType<typeof parametersOf>) => readNpz(writeNpz(tensors)),
}

describe.each(Object.entries(files))('through %s', (_, file) => {
  describe.each(Object.entries({ recurra, pytorch, keras }))('in the layout of %s', (framework, layout) => {
    it.each(cases)('%s gives the same outputs, or is refused', async (name, input, layers) => {
      const model = built(input, layers, 1)
      const saved = await refused(() => parametersOf(model, { layout }))
      if (framework === 'recurra') expect(saved).toBeDefined()
      if (saved === undefined) return
      const wanted = await outputs(model)
      const near = wanted.map((value) => expect.closeTo(value, 9) as number)
      const loaded = built(input, layers, 2)
      loadParameters(loaded, file(saved), { layout })
      expect(await outputs(loaded), name).toEqual(near)
      if (framework === 'recurra' || model.layers.some(({ type }) => type === 'oneHot' || type === 'last')) return
      const recurrentActivation = name === 'other gates' ? 'hardSigmoidKeras2' : 'sigmoid'
      const relu = name.includes('rnnRelu')
      const imported = await refused(() =>
        importModel(file(saved), {
          backend,
          recurrentActivation,
          relu,
          from: framework as 'keras',
          onWarning: () => {},
        }),
      )
      if (framework === 'keras' && name === 'layer norm') return // has another epsilon there, which a warning says
      if (imported && JSON.stringify(imported.in) === JSON.stringify(input))
        expect(await outputs(imported), name).toEqual(near)
    })
  })
})

it('what both frameworks have is refused by neither', async () => {
  for (const [name, input, layers] of cases.filter(([name]) =>
    /^(a stack of |both directions of |)(rnn|rnnRelu|lstm|gru),|^dense|^layer norm/.test(name),
  ))
    for (const layout of [pytorch, keras])
      expect(await refused(() => parametersOf(built(input, layers, 1), { layout })), name).toBeDefined()
})

it('names do not depend on what stands beside a layer', () => {
  const names = (...layers: unknown[]): string[] =>
    parametersOf(built(sequence(3), layers, 1), { layout: pytorch })
      .map(({ name }) => name)
      .filter((name) => name.startsWith('0.'))
  expect(names(cells.lstm(2), cells.lstm(2))).toEqual(names(cells.lstm(2), dense(2)))
  expect(names(cells.lstm(2))).toEqual(names(cells.lstm(2), cells.gru(3)))
})
