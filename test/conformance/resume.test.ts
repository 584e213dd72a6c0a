import * as recurra from 'recurra'
import {
  accuracy, adadelta, adagrad, adam, attention, bidirectional, characters, cosineDecay, dense, dropout, embedding,
  encoderDecoder, fit, gru, javascript, last, namedVariables, lstm, meanSquaredError, reduceOnPlateau, rmsprop, rnn,
  sequences, sequential, sgd, softmaxCrossEntropy, stack, tokens, warmUp, webassembly, type Backend, type Blueprint,
  type Checkpoint, type Data, type Layer, type Optimizer,
} from 'recurra'
import { describe, expect, it } from 'vitest'
import { interrupted, whole, type Make, type Options } from './interrupted.ts'
import { functionsOf } from './public-functions.ts'

const text = characters('to be, or not to be: that is the question. '.repeat(3))
const classes = softmaxCrossEntropy()
const shuffled = (): Data => text.windows({ steps: 6, batch: 4 }) // five batches
const inOrder = (): Data => text.windows({ steps: 6, batch: 4, carry: true })
const backend = javascript()
const reader = (middle: Blueprint, on: Backend = backend): Make => (seed) =>
  sequential(text.tokens, [embedding(3), middle as ReturnType<typeof lstm>, dense(text.size)], { backend: on, seed })

/** Stopped in an epoch, at its end, and in another one. */
const same = async (
  make: Make,
  data: () => Data,
  options: Options = {},
  stops: readonly number[] = [2, 5, 8],
): Promise<void> => {
  const all = { loss: classes, epochs: 3, optimizer: adam({ learningRate: 0.01 }), ...options }
  expect(await interrupted(make, data, all, stops)).toEqual(await whole(make, data, all))
}

describe('a training that was stopped and resumed is, to the bit, one that never stopped', () => {
  describe('with every optimizer', () => {
    const optimizers = functionsOf<() => Optimizer>('packages/training/src/optimizers')
    it('of which there are nine', () => expect(optimizers).toHaveLength(9))
    it.each(optimizers)('%s', (_, make) => same(reader(lstm(4)), shuffled, { optimizer: make() }))
    it.each([
      ['Adam with amsgrad', adam({ amsgrad: true })],
      ['Adagrad with a start', adagrad({ start: 0.1, learningRateDecay: 0.1, epsilonInside: true })],
      ['RMSProp, centered, with momentum', rmsprop({ centered: true, momentum: 0.9 })],
      ['SGD with momentum and dampening', sgd({ momentum: 0.9, dampening: 0.1 })],
      ['SGD with a look ahead', sgd({ momentum: 0.9, nesterov: true })],
      ['a schedule over the whole training, warmed up', adam({ learningRate: warmUp(4, cosineDecay(0.01)) })],
      [
        'groups, frozen and with a schedule',
        adadelta({
          groups: [
            { parameters: '0', learningRate: 0 },
            { parameters: (path) => path.endsWith('bias'), learningRate: cosineDecay(0.5), weightDecay: 0.1 },
          ],
        }),
      ],
      ['a schedule of its own steps', sgd({ learningRate: cosineDecay(0.1, { steps: 11 }) })],
    ])('%s', (_, optimizer) => same(reader(lstm(4)), shuffled, { optimizer, clip: { norm: 0.5 } }))
  })

  describe('with a rate that falls when validation gets no better', () => {
    const learningRate = reduceOnPlateau(0.05, { patience: 0, threshold: 0.5, factor: 0.5, cooldown: 1 })
    const optimizer = sgd({
      learningRate,
      groups: [{ parameters: '2', learningRate: reduceOnPlateau(0.1, { patience: 0, threshold: 0.5 }) }],
    })
    const options = { validation: inOrder(), optimizer, loss: classes }

    it('by a signal', () => same(reader(lstm(4)), shuffled, { ...options, epochs: 5 }, [3, 5, 12, 17]))

    it('by a limit within an epoch, where it measures', async () => {
      const made = [reader(lstm(4))(1), reader(lstm(4))(1)] as const
      let checkpoint: Checkpoint | undefined
      const store = { save: async (saved: Checkpoint) => void (checkpoint = saved) }
      for (const steps of [7, 13, 25])
        await fit(made[0], shuffled(), { ...options, steps, checkpoints: { store }, resume: checkpoint })
      const { validation } = await fit(made[1], shuffled(), { ...options, steps: 25 })
      expect(validation).toHaveLength(5)
      const parameters = made.map((model) =>
        namedVariables(model.params).map(([, { value }]) => [...backend.read(value)]))
      expect(parameters[0]).toEqual(parameters[1])
    })
  })

  it('refuses a rate that follows validation where there is none', async () => {
    const training = fit(reader(lstm(4))(1), shuffled(), {
      loss: classes,
      optimizer: sgd({ learningRate: reduceOnPlateau(0.1) }),
    })
    await expect(training).rejects.toThrow(/reduceOnPlateau: expected validation data to measure on/)
  })

  describe('with every cell', () => {
    const cells = functionsOf<(size: number, options?: object) => Blueprint>('packages/rnn/src/cells')
    it('of which there are fourteen', () => expect(cells).toHaveLength(14))
    it.each(cells)('%s', (_, cell) => same(reader(cell(4)), inOrder))
    const zoned = cells.filter(([name]) => name !== 'lru') // which has no such option
    it.each(zoned)('%s with zoneout', (_, cell) => same(reader(cell(4, { zoneout: { h: 0.3 } })), inOrder, {}, [3]))
  })

  it.each<[string, Make, () => Data, Options?]>([
    ['dropout, everywhere', reader(stack(2, lstm(4, { recurrentDropout: 0.2 }))), shuffled],
    ['dropout, the same at every step', reader(dropout(0.4, { variational: true }) as Blueprint), shuffled],
    ['windows that overlap', reader(gru(4)), () => text.windows({ steps: 6, stride: 4, batch: 4, carry: true })],
    ['several batches for an update', reader(lstm(4, { zoneout: { h: 0.2 } })), inOrder, { accumulate: 2 }],
    ['clipping by value', reader(rnn(4)), shuffled, { clip: { value: 0.01 } }],
    [
      'validation with metrics',
      reader(lstm(4)),
      shuffled,
      { validation: inOrder(), metrics: { accuracy: accuracy() } },
    ],
    ['two threads', reader(lstm(4), webassembly({ threads: 2 })), inOrder],
    ['one thread', reader(lstm(4), webassembly({ threads: 1 })), inOrder],
    ['double precision', reader(lstm(4), javascript({ dtype: 'float64' })), inOrder],
  ])('with %s', (_, make, data, options) => same(make, data, options))

  it('with sequences in buckets, balanced ones, and vectors', async () => {
    const x = Array.from({ length: 18 }, (_, i) =>
      Array.from({ length: 1 + ((i * i) % 5) }, (__, t) => [Math.sin(i + t), t]),
    )
    const target = x.map((_, i) => i % 2)
    const make: Make = (seed) =>
      sequential(2, [bidirectional((options) => gru(3, options)), dropout(0.2), last(), dense(2)], { backend, seed })
    await same(make, () => sequences({ x, target, batch: 4, buckets: 2 }))
    await same(make, () => sequences({ x, target, batch: 4, balanced: true }))
    const values = x.map((one) => one.map(([a]) => [a! * a!]))
    const every: Make = (seed) => sequential(2, [rnn(3), dense(1)], { backend, seed })
    await same(every, () => sequences({ x, target: values, batch: 4 }), { loss: meanSquaredError() })
  })

  it('with early stopping, also while it waits', async () => {
    const options = { validation: inOrder(), earlyStopping: { patience: 3, minImprovement: 5 }, epochs: 9 }
    const { best, stoppedEarly, losses } = await whole(reader(lstm(4)), shuffled, { loss: classes, ...options })
    expect([best?.step, stoppedEarly, losses.length]).toEqual([5, true, 20])
    await same(reader(lstm(4)), shuffled, options, [3, 7, 12, 15, 19])
  })

  it('with sources, attention, and dropout on both sides', async () => {
    const words = Array.from({ length: 12 }, (_, i) => Array.from({ length: 2 + (i % 3) }, (__, t) => (i + t) % 5))
    const make: Make = (seed) =>
      encoderDecoder(
        {
          source: tokens(5),
          encoder: [embedding(3), dropout(0.2), gru(4)],
          target: tokens(5),
          decoder: [embedding(3), gru(4, { zoneout: { h: 0.1 } }), attention({ score: 'dot' }), dropout(0.2), dense(5)],
        },
        { backend, seed },
      )
    await same(make, () => sequences({ source: words, x: words, target: words, batch: 3, buckets: 2 }))
  })

  it('with layers that draw from generators of their own', async () => {
    const own: Blueprint = {
      ...dropout(0.3),
      type: 'own',
      build: (signal, context) => dropout(0.3).build(signal, { ...context, random: new recurra.Random(5) }) as Layer,
    }
    await same(reader(stack(2, own as ReturnType<typeof lstm>)), shuffled)
  })

  it('with a stream whose length nobody knows', async () => {
    const data = shuffled()
    const endless = (): Data => ({
      ...data, batches: Infinity,
      async *epoch(random) {
        for (const one of data.epoch(random) as Iterable<recurra.Batch>) yield one
      },
    })
    await same(reader(lstm(4)), endless, { validation: shuffled() })
  })

  it('wherever it stops', async () => {
    const stops = Array.from({ length: 14 }, (_, i) => i + 1)
    await same(reader(lstm(4, { zoneout: { c: 0.2 } })), inOrder, { validation: inOrder() }, stops)
  })
})
