import { javascript } from '@recurra/backend'
import { dense, namedVariables, sequential, type Layer } from '@recurra/layers'
import { rnn } from '@recurra/rnn'
import { describe, expect, it } from 'vitest'
import {
  adam, fit, meanSquaredError, sequences, sgd, softmaxCrossEntropy, Trainer, type Batch, type Checkpoint, type Dataset,
  type FitOptions, type Loss,
} from '../index.ts'

const backend = javascript({ dtype: 'float64' })
const make = (): Layer => sequential(2, [rnn(3), dense(2)], { backend, seed: 4 })
const numbers = (model: Layer): number[] =>
  namedVariables(model.params).flatMap(([, { value }]) => [...backend.read(value)])
const wave = (count: number, phase: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.sin(7 * i + phase))
const near = (want: readonly number[]): number[] => want.map((value) => expect.closeTo(value, 12) as number)

/** Four batches of two sequences of up to three steps, and the same as one of eight. */
const [parts, whole] = ((): [Batch[], Batch] => {
  const lengths = [3, 1, 2, 2, 0, 0, 3, 2]
  const of = (from: number, to: number, phase: number): Batch => {
    const cut = (values: readonly number[], width: number): number[] => values.slice(from * 3 * width, to * 3 * width)
    return { x: cut(wave(48, phase), 2), target: cut(wave(48, phase + 1), 2), lengths: lengths.slice(from, to) }
  }
  return [[0, 2, 4, 6].map((from) => of(from, from + 2, 0)), of(0, 8, 0)]
})()
const classes = ({ target, ...batch }: Batch): Batch => ({
  ...batch,
  target: Array.from({ length: target.length / 2 }, (_, i) => (target[2 * i]! > 0 ? 1 : 0)),
})

const losses: readonly (readonly [name: string, loss: Loss, of: (batch: Batch) => Batch])[] = [
  ['a mean', meanSquaredError(), (batch) => batch],
  ['a sum', meanSquaredError({ reduction: 'sum' }), (batch) => batch],
  ['weights of classes', softmaxCrossEntropy({ weights: [1, 5] }), classes],
]
it.each(losses)('several batches make the update of a larger one: %s', (_, loss, of) => {
  const [model, twin] = [make(), make()]
  const options = { loss, optimizer: adam({ learningRate: 0.1 }), steps: 3, padded: true, clip: { norm: 0.5 } }
  const [trainer, other] = [new Trainer(model, { ...options, batch: 2 }), new Trainer(twin, { ...options, batch: 8 })]
  for (let update = 0; update < 3; update++) {
    for (const part of parts) trainer.add(of(part))
    expect(trainer.update()).toBeCloseTo(other.step(of(whole)), 12)
    expect(trainer.gradientNorm).toBeCloseTo(other.gradientNorm, 12)
    expect(trainer.items).toBe(other.items)
    expect(numbers(model)).toEqual(near(numbers(twin)))
  }
})

it('what goes wrong in one of them changes no parameter, and the next update knows nothing of it', () => {
  const [model, twin] = [make(), make()]
  const options = { loss: meanSquaredError(), optimizer: adam(), steps: 3, padded: true, batch: 2 }
  const [trainer, other] = [new Trainer(model, options), new Trainer(twin, options)]
  trainer.add(parts[0]!)
  expect(() => trainer.add({ ...parts[1]!, x: wave(12, 0).with(0, Number.NaN) })).toThrow('x at sequence 0')
  expect(numbers(model)).toEqual(numbers(twin))
  expect(() => trainer.update()).toThrow('expected batches to make it from, got none')
  expect(trainer.step(parts[3]!)).toBe(other.step(parts[3]!))
  expect(numbers(model)).toEqual(numbers(twin))
})

describe('fit({ accumulate })', () => {
  const [x, target] = [
    [Math.sin, Math.cos],
    [Math.cos, Math.abs],
  ].map((f) => Array.from({ length: 10 }, (_, i) => f.map((of) => [of(i), 0.5]))) as [number[][][], number[][][]]
  /** Always in the same order, so that larger batches are made of the same sequences. */
  const data = (batch: number): Dataset => {
    const { steps, batches, padded, carry, epoch } = sequences({ x, target, batch })
    return { steps, batch, batches, padded, carry, epoch: () => epoch() }
  }
  const options: FitOptions = { loss: meanSquaredError(), optimizer: adam({ learningRate: 0.1 }), epochs: 3 }

  it('trains as with larger batches, and the last step of an epoch takes what is left', async () => {
    const [model, twin] = [make(), make()]
    const [one, other] = [await fit(model, data(2), { ...options, accumulate: 2 }), await fit(twin, data(4), options)]
    expect(one.losses).toEqual(near(other.losses))
    expect(one.losses.length).toBe(9)
    expect(numbers(model)).toEqual(near(numbers(twin)))
  })

  it('is over when the share that is done says so', async () => {
    const done: number[] = []
    await fit(make(), data(2), {
      ...options,
      epochs: 1,
      accumulate: 2,
      onProgress: (progress) => void done.push(progress.done),
    })
    expect(done).toEqual([1 / 3, 2 / 3, 1])
  })

  it('continues from a checkpoint to the bit, also if the signal comes in the middle of a step', async () => {
    const [model, twin] = [make(), make()]
    await fit(twin, data(2), { ...options, accumulate: 2 })
    const stop = new AbortController()
    let [batches, saved] = [0, undefined as Checkpoint | undefined]
    const watched = data(2)
    const stopping: Dataset = {
      ...watched,
      *epoch() {
        for (const batch of watched.epoch()) {
          if (++batches === 4) stop.abort() // the second batch of the second step
          yield batch
        }
      },
    }
    const checkpoints = { store: { save: async (checkpoint: Checkpoint) => void (saved = checkpoint) } }
    const { aborted, losses } = await fit(model, stopping, {
      ...options,
      accumulate: 2,
      signal: stop.signal,
      checkpoints,
    })
    expect([aborted, losses.length]).toEqual([true, 2])
    const again = make()
    await fit(again, data(2), { ...options, accumulate: 2, resume: saved })
    expect(numbers(again)).toEqual(numbers(twin))
  })
})

it('forgets the batches that were added where a schedule gives no learning rate', () => {
  let rate = Number.NaN
  const [trainer, other] = [1, 2].map(() =>
    new Trainer(sequential(1, [rnn(3), dense(1)], { backend: javascript({ dtype: 'float64' }), seed: 1 }), {
      loss: meanSquaredError(), optimizer: sgd({ learningRate: () => rate }), steps: 2, batch: 1,
    }))
  const [first, second] = [{ x: [0.1, 0.2], target: [0.3, 0.1] }, { x: [0.4, -0.2], target: [0.2, 0] }]
  for (const update of [() => trainer!.update(), () => trainer!.step(second)]) {
    trainer!.add(first)
    expect(update).toThrow(/learning rate at step 1: expected a finite number of at least 0, got NaN/)
    expect(() => trainer!.save()).not.toThrow() // between two updates
  }
  rate = 0.1
  expect(trainer!.step(second)).toBe(other!.step(second))
  expect(trainer!.gradientNorm).toBe(other!.gradientNorm)
})
