import {
  adam, DataParallel, decodeCheckpoint, encodeCheckpoint, fit, softmaxCrossEntropy, type Checkpoint,
  type CheckpointStore, type DataParallelOptions, type FitOptions,
} from 'recurra'
import { describe, expect, it } from 'vitest'
import { numbersOf, text, tokenModel, worst } from './models.ts'
import { allRanks } from './ranks.ts'

const options: FitOptions = {
  loss: softmaxCrossEntropy(), optimizer: adam({ learningRate: 0.02 }), clip: { norm: 1 }, validation: text(true),
}

/** A store of one checkpoint, as bytes, and who saved to it. */
const storeOf = (): CheckpointStore & { readonly saved: () => number } => {
  let [bytes, saved] = [undefined as Uint8Array | undefined, 0]
  return {
    save: async (checkpoint) => {
      bytes = encodeCheckpoint(checkpoint)
      saved++
    },
    latest: async () => bytes && decodeCheckpoint(bytes),
    saved: () => saved,
  }
}

/** Trains on a text whose state is carried over; gives all parameters and losses of rank 0, and a checkpoint. */
const trained = async (
  size: number, steps: number, resume?: Checkpoint,
  { rate = 0, ...more }: { rate?: number } & DataParallelOptions = {},
) => {
  const store = storeOf()
  const [first, ...others] = await allRanks(size, async (communicator) => {
    const model = tokenModel(rate)
    const { losses, validation } = await fit(model, text(true), {
      ...options, steps, resume, dataParallel: new DataParallel(communicator, more),
      checkpoints: { store, every: { steps: 1 } },
    })
    return { losses, validation, parameters: numbersOf(model) }
  })
  for (const { parameters } of others) expect(parameters).toEqual(first!.parameters)
  return { ...first!, saved: store.saved(), checkpoint: (await store.latest())! }
}

describe('a checkpoint of several processes', () => {
  it('resumes bit-identically in as many, with the carried state and with dropout', async () => {
    for (const rate of [0, 0.3]) {
      const whole = await trained(2, 9, undefined, { rate })
      const half = await trained(2, 5, undefined, { rate })
      const rest = await trained(2, 9, half.checkpoint, { rate })
      expect([rest.losses, rest.parameters]).toEqual([whole.losses, whole.parameters])
    }
  })

  it('is that of one process: any other number continues from it', async () => {
    const whole = await trained(1, 9)
    for (const [before, after] of [[2, 1], [1, 3], [4, 2]] as const) {
      const half = await trained(before, 5)
      const rest = await trained(after, 9, half.checkpoint)
      expect(worst(whole.losses, rest.losses)).toBeLessThan(1e-10)
      expect(worst(whole.parameters, rest.parameters)).toBeLessThan(1e-10)
    }
  })

  it('is saved by rank 0 alone', async () => {
    expect((await trained(3, 4)).saved).toBe(4)
  })

  it('has dropout of its own in every process, the same in every run', async () => {
    const [one, same] = [await trained(2, 4, undefined, { rate: 0.5 }), await trained(2, 4, undefined, { rate: 0.5 })]
    expect(same.parameters).toEqual(one.parameters)
    const other = await trained(4, 4, undefined, { rate: 0.5 })
    expect(worst(one.losses, other.losses)).toBeGreaterThan(1e-6)
  })
})

describe('local steps', () => {
  it('make one model of all at the end of an epoch, and resume', async () => {
    const whole = await trained(2, 11, undefined, { localSteps: 3 })
    const half = await trained(2, 6, undefined, { localSteps: 3 })
    const rest = await trained(2, 11, half.checkpoint, { localSteps: 3 })
    expect(rest.parameters).toEqual(whole.parameters)
    const shared = await trained(2, 11)
    expect(worst(shared.parameters, whole.parameters)).toBeGreaterThan(1e-6)
    expect(whole.validation.at(-1)!.loss).toBeLessThan(whole.validation[0]!.loss)
  })
})
