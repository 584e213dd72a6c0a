import { javascript, type Backend } from '@recurra/backend'
import { select, sigmoid } from '@recurra/formula'
import {
  activation, adam, batchNorm, bidirectional, cells, convolution, ctc, dense, dropout, elementWiseLayer, embedding,
  gated, klDivergence, last, layerNorm, linearAttention, lstm, matrixCell, meanPool, meanSquaredError, named,
  namedVariables, oneHot, residual, rmsNorm, rnn, rnnRelu, sequence, sequential, softmaxCrossEntropy, stack, tokens,
  Trainer, type Batch, type Blueprint, type Layer, type Loss, type Signal,
} from 'recurra'
import { defineLayer, passOf, variable } from 'recurra/authoring'
import { describe, expect, it } from 'vitest'
import { fast } from './backends.ts'

// Of 16 rows, 45 steps of 3 sequences have segments of 13, 16 and 16 steps; 37 have some of 21 and 16.
const [batch, steps, features, classes] = [3, 45, 4, 5]
const numbers = (count: number, seed: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.sin(7 * i + 31 * seed))
const symbols = (count: number, of: number, seed: number): number[] =>
  Array.from({ length: count }, (_, i) => (5 * i + ((i * seed) >> 2)) % of)

const prelu = elementWiseLayer('prelu', { slope: 0.25 }, (x, { slope }) => select(x, x, x.mul(slope)))
const gates = { row: ['q', 'k'], column: ['v'], scalar: ['a'] } as const
const ownAttention = matrixCell('ownAttention', gates, ({ S, gate: { q, k, v, a } }) => {
  const next = S.mul(sigmoid(a)).add(k.mul(v))
  return { S: next, y: q.mul(next) }
})

const models: Readonly<Record<string, readonly [Signal, readonly Blueprint[]]>> = {
  ...Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, [sequence(features), [cell(6)]]])),
  'lstm, projected': [sequence(features), [lstm(6, { projection: 3 })]],
  'sLstm with heads': [sequence(features), [cells.sLstm(6, { heads: 3 })]],
  'lstm, zoneout': [sequence(features), [lstm(6, { zoneout: { h: 0.2, c: 0.3 } })]],
  'lstm, recurrent dropout': [sequence(features), [lstm(6, { recurrentDropout: 0.3 })]],
  'a matrix per head': [sequence(features), [ownAttention({ heads: 2, rows: 3, columns: 2 })]],
  'layers of rows': [sequence(features), [
    layerNorm(), prelu(), rmsNorm(), residual([dense(4), activation('tanh')]), gated([dense(4)], [rnn(4)]),
  ]],
  'dropout of all kinds': [sequence(features), [
    dropout(0.3), stack(2, lstm(5, { recurrentDropout: 0.2 })), dropout(0.2, { variational: true }), rnn(4),
  ]],
  'a convolution': [sequence(features), [
    dense(4), convolution(5, { kernel: 3, dilation: 2, padding: 'causal' }), rnn(4),
  ]],
  'tokens, embedded': [tokens(7), [embedding(4, { paddingIndex: 0 }), rnn(5)]],
  'tokens, one-hot': [tokens(7), [oneHot(), lstm(5)]],
}

const batchFor = ({ in: input }: Layer, count: number, seed: number, others: Partial<Batch> = {}): Batch => ({
  x: input.kind === 'tokens' ? symbols(batch * count, 7, seed) : numbers(batch * count * features, seed),
  target: symbols(batch * count, classes, seed),
  ...others,
})

interface Case {
  readonly steps?: number
  readonly loss?: Loss
  readonly padded?: boolean
  readonly carry?: boolean
  readonly batches: (model: Layer, seed: number) => Batch
  readonly train?: (trainer: Trainer, batch: (seed: number) => Batch) => number
}

/** Losses, norms, parameters and gradients of initial states of a few steps. */
const trained = (
  backend: Backend, [input, layers]: readonly [Signal, readonly Blueprint[]], own: Case, recompute?: 'auto' | number,
) => {
  const { loss = softmaxCrossEntropy(), steps: count = steps, padded, carry, batches } = own
  const { train = (trainer: Trainer, next: (seed: number) => Batch) => trainer.step(next(0)) } = own
  const model = sequential(input, layers as never, { backend }) as unknown as Layer
  using trainer = new Trainer(model, {
    loss, optimizer: adam({ learningRate: 0.01 }), clip: { norm: 1 }, steps: count, batch, padded, carry, recompute,
  } as ConstructorParameters<typeof Trainer>[1])
  const found = [1, 2, 3].map((seed) => [train(trainer, (of) => batches(model, 10 * seed + of)), trainer.gradientNorm])
  const params = namedVariables(model.params).map(([path, { value }]) => [path, [...backend.read(value)]])
  const initial = Object.entries(trainer.initialStateGradients).map(([slot, grad]) => [slot, [...backend.read(grad)]])
  return { found, params, initial, random: model.random?.state }
}

const same = (
  backend: Backend, model: readonly [Signal, readonly Blueprint[]], own: Case, ...ways: readonly ('auto' | number)[]
): void => {
  const whole = trained(backend, model, own)
  expect(whole.found.flat().every(Number.isFinite)).toBe(true)
  for (const recompute of ways) expect(trained(backend, model, own, recompute), String(recompute)).toEqual(whole)
}

type Model = (typeof models)[string]
const perStep = ([input, layers]: Model): Model => [input, [...layers, dense(classes)]]
const ofLast = ([input, layers]: Model): Model => [input, [...layers, last(), dropout(0.2), dense(classes)]]
const lengths = [45, 20, 0]

for (const [on, backend] of Object.entries(fast))
  describe(`segments that are recomputed have the bits of whole sequences: ${on}`, () => {
    it.each(Object.entries(models))('%s', (_, model) => {
      same(backend(), perStep(model), { batches: (layer, seed) => batchFor(layer, steps, seed) }, 20)
      same(backend(), ofLast(model), {
        padded: true,
        batches: (layer, seed) => batchFor(layer, steps, seed, { target: symbols(batch, classes, seed), lengths }),
      }, 20)
    })
  })

describe('segments that are recomputed have the bits of whole sequences', () => {
  const float64 = javascript({ dtype: 'float64' })
  const model: Model = [sequence(features), [dropout(0.2), lstm(5), dense(classes)]]
  const values = (columns: number) => (layer: Layer, seed: number): Batch =>
    batchFor(layer, steps, seed, { target: numbers(batch * steps * columns, seed + 1).map((x) => x * x) })
  const padded: Case['batches'] = (layer, seed) => batchFor(layer, steps, seed, { lengths })
  const everywhere = (own: Case, ...ways: readonly ('auto' | number)[]): void => {
    for (const backend of [float64, fast['webassembly']!()]) same(backend, model, own, ...ways)
  }

  it('however many steps they have', () => {
    for (const count of [37, 45])
      everywhere({ steps: count, batches: (layer, seed) => batchFor(layer, count, seed) }, 1, 16, 17, 32, 100, 'auto')
  })
  it('where states are carried from batch to batch', () => {
    everywhere({ carry: true, batches: (layer, seed) => batchFor(layer, steps, seed) }, 16)
  })
  it('where batches bring initial states', () => {
    const initialState = { '1.h': numbers(batch * 5, 1), '1.c': numbers(batch * 5, 2) }
    everywhere({ batches: (layer, seed) => batchFor(layer, steps, seed, { initialState }) }, 16)
  })
  it('with lengths, and with gaps', () => {
    everywhere({ padded: true, batches: padded }, 16)
    const mask = Array.from({ length: batch * steps }, (_, i) => (i % 7 === 3 || i >= 2 * steps ? 0 : 1))
    everywhere({ padded: true, batches: (layer, seed) => batchFor(layer, steps, seed, { mask }) }, 16)
  })
  it('where several batches make one update', () => {
    const train: Case['train'] = (trainer, batch) => {
      trainer.add(batch(0))
      trainer.add(batch(1))
      return trainer.update()
    }
    everywhere({ padded: true, train, batches: (layer, seed) =>
      batchFor(layer, steps, seed, { lengths: seed % 2 === 0 ? lengths : [9, 31, 45] }) }, 16)
  })
  it.each<[string, Loss, Case['batches']]>([
    ['classes with weights and one that is ignored',
      softmaxCrossEntropy({ weights: [1, 0.5, 2, 0.1, 3], ignore: 2 }), padded],
    ['a sum', softmaxCrossEntropy({ reduction: 'sum' }), padded],
    ['squares', meanSquaredError(), (layer, seed) => ({ ...values(classes)(layer, seed), lengths })],
    ['divergences, a mean over sequences', klDivergence({ reduction: 'batchMean' }), values(classes)],
  ])('for a loss of %s', (_, loss, batches) => everywhere({ padded: true, loss, batches }, 16))
})

describe('recompute', () => {
  const refusal = (layers: readonly Blueprint[], others: object = {}): string => {
    const model = sequential(tokens(7), layers as never) as unknown as Layer
    const options = { loss: softmaxCrossEntropy(), optimizer: adam(), steps: 64, batch: 1, recompute: 'auto' as const }
    try {
      new Trainer(model, { ...options, ...others })[Symbol.dispose]()
      return 'none'
    } catch (error) {
      return String(error)
    }
  }
  const both = bidirectional((options) => rnn(3, options))
  it.each<[string, readonly Blueprint[], string]>([
    ['reads both ways', [oneHot(), both, dense(5)], 'rnn (layer 1.backward)'],
    ['is inside others', [oneHot(), stack(2, rnn(3, { reverse: true })), dense(5)], 'rnn (layer 1.0)'],
    ['reads steps in chunks', [embedding(3), linearAttention(4), dense(5)], 'linearAttention (layer 1)'],
    ['has statistics of all steps', [embedding(3), batchNorm(), dense(5)], 'batchNorm (layer 1)'],
    ['pools all steps', [oneHot(), rnn(3), meanPool(), dense(5)], 'meanPool (layer 2)'],
    ['counts tokens of the whole batch', [embedding(3, { scaleGradientByFrequency: true }), dense(5)],
      'embedding (layer 0)'],
  ])('names the layer that %s', (_, layers, got) => expect(refusal(layers)).toContain(got))
  it('names the loss that looks at the whole sequence', () => {
    expect(refusal([oneHot(), rnn(3), dense(5)], { loss: ctc(), targetSize: 2 })).toContain('ctc')
  })
  it('refuses windows that overlap, and what is no number of steps', () => {
    expect(refusal([oneHot(), rnn(3), dense(5)], { carry: true, stride: 32 })).toContain('32')
    expect(refusal([oneHot(), rnn(3), dense(5)], { recompute: 0 })).toContain("'auto'")
  })
  it('names the layer whose output is not finite, whatever segment it was in', () => {
    const model = sequential(1, [named('first', rnnRelu(1)), named('second', dense(2))])
    model.backend.write(model.params['first']!['recurrentWeight' as never]['value'], [1e30])
    const trainer = new Trainer(model, {
      loss: softmaxCrossEntropy(), optimizer: adam(), steps: 64, batch: 1, recompute: 16,
    })
    const x = Array.from({ length: 64 }, (_, t) => (t < 3 ? 1 : 0))
    expect(() => trainer.step({ x, target: x })).toThrow('first')
  })
  it('refuses a layer that draws by itself, whose numbers would be others the second time', () => {
    const noisy = defineLayer({
      type: 'noisy', accepts: ['sequence'],
      build: (input, { random, backend }) => ({
        out: input, random,
        plan: (x) => ({ y: variable(backend, x.value.shape), pass: passOf([() => void random.uniform()]) }),
      }),
    })
    const model = sequential(2, [noisy, dense(5)] as never) as unknown as Layer
    const trainer = new Trainer(model, {
      loss: softmaxCrossEntropy(), optimizer: adam(), steps: 32, batch: 1, recompute: 16,
    })
    expect(() => trainer.step({ x: numbers(64, 1), target: symbols(32, 5, 1) })).toThrow('bernoulli')
  })
  it('takes memory for a segment and for the states between them', () => {
    const model = sequential(8, [lstm(16), dense(4)])
    const options = { loss: softmaxCrossEntropy(), optimizer: adam(), steps: 1024, batch: 16 }
    const bytesOf = (recompute?: 'auto'): number => {
      const scope = model.backend.scope(() => new Trainer(model as never, { ...options, recompute }))
      scope.value[Symbol.dispose]()
      scope[Symbol.dispose]()
      return scope.bytes
    }
    bytesOf() // takes the gradients, which belong to the parameters
    expect(bytesOf('auto')).toBeLessThan(bytesOf() / 8)
  })
})
