import { javascript } from '@recurra/backend'
import { dense, namedVariables, sequential } from '@recurra/layers'
import { gru, last } from '@recurra/rnn'
import { describe, expect, it } from 'vitest'
import {
  accuracy, CheckpointError, fit, sequences, softmaxCrossEntropy, type Checkpoint, type Data, type FitOptions,
} from '../index.ts'

const float64 = javascript({ dtype: 'float64' })

describe('fit does not go on', () => {
  const x = Array.from({ length: 6 }, (_, i) => [[i], [-i]])
  const target = x.map((_, i) => i % 2)
  const data = sequences({ x, target, batch: 2 })
  const classifier = (seed = 1) => sequential(1, [gru(3), last(), dense(2)], { backend: float64, seed })
  const options = {
    loss: softmaxCrossEntropy(),
    validation: data,
    metrics: { accuracy: accuracy() },
  } satisfies FitOptions
  const saved = (async () => {
    let checkpoint: Checkpoint | undefined
    await fit(classifier(), data, {
      ...options,
      steps: 2,
      checkpoints: { store: { save: async (one) => void (checkpoint = one) } },
    })
    return checkpoint!
  })()
  const refused = async (
    here: Data,
    other: Partial<FitOptions> = {},
    change: (checkpoint: Checkpoint) => Checkpoint = (one) => one,
  ): Promise<string> => {
    const model = classifier(2)
    const before = namedVariables(model.params).map(([, { value }]) => [...float64.read(value)])
    const error: unknown = await fit(model, here, {
      ...options,
      ...other,
      resume: change(await saved),
    } as FitOptions).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(CheckpointError)
    expect(namedVariables(model.params).map(([, { value }]) => [...float64.read(value)])).toEqual(before)
    return String(error)
  }

  it('with other data', async () => {
    expect(await refused(sequences({ x, target, batch: 3 }))).toMatch(/data with batch 3, as it is here, got 2/)
    expect(await refused(sequences({ x: x.slice(2), target: target.slice(2), batch: 2 }))).toMatch(
      /data with batches 2, as it is here, got 3/,
    )
    const short: Data = { ...data, epoch: () => [...data.epoch()].slice(0, 1) }
    expect(await refused(short)).toMatch(
      /expected data with at least 2 batches in epoch 1, which were read when it was saved, got 1/,
    )
  })
  it('with other metrics', async () => {
    expect(await refused(data, { metrics: {} })).toMatch(/the metrics none, as they are here, got accuracy/)
  })
  it('from what a trainer saved', async () => {
    expect(await refused(data, {}, (one) => ({ ...one, fit: undefined }))).toMatch(
      /one that fit has saved, got one of a Trainer alone/,
    )
  })
})
