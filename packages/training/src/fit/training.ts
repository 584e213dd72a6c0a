import { pauses } from '@recurra/backend'
import type { Layer } from '@recurra/layers'
import { Random, ValueError } from '@recurra/tensor'
import { planFor, type Data } from '../data/batch.ts'
import type { Loss } from '../losses/loss.ts'
import { adam } from '../optimizers/adam.ts'
import type { Optimizer } from '../optimizers/optimizer.ts'
import type { Clip } from '../trainer/clip.ts'
import { Trainer } from '../trainer/trainer.ts'
import { evaluate } from './evaluate.ts'
import { doneBy, type Limits } from './limits.ts'
import { Meter } from './meter.ts'
import type { History, Progress } from './progress.ts'
import { stepProfile } from './step-profile.ts'

/** Options of `training`, and of `fit`. */
export interface TrainingOptions extends Limits {
  /** What is made small. */
  readonly loss: Loss
  /** `adam()` unless said otherwise; the learning rate or its schedule is the optimizer's. */
  readonly optimizer?: Optimizer
  /** How gradients are kept small; not at all unless said otherwise. `{ norm: 5 }` is usual for recurrent networks. */
  readonly clip?: Clip
  /** Data to measure the loss on, without training, after each epoch and at the end. */
  readonly validation?: Data
  /** Decides the order of the batches; 1 unless said otherwise. */
  readonly seed?: number
  /** Ends the training after the current step. */
  readonly signal?: AbortSignal
  /** Whether to find out where the time of a step goes; costs a little time itself. */
  readonly profile?: boolean
}

/**
 * Trains a model and tells after each step how it stands: `fit` for those who want to act in between. Leaving the loop
 * ends the training. It gives way to timers, signals and the page now and then, and goes on.
 *
 * ```ts
 * import { characters, dense, oneHot, rnn, sequential, softmaxCrossEntropy, training } from 'recurra'
 *
 * const text = characters('to be or not to be, that is the question')
 * const model = sequential(text.tokens, [oneHot(), rnn(8), dense(text.size)])
 * for await (const { step, loss } of training(model, text.windows({ steps: 8, batch: 4 }), { loss: softmaxCrossEntropy() })) {
 *   if (loss < 1 || step === 100) break
 * }
 * ```
 */
export async function* training(model: Layer, data: Data, options: TrainingOptions): AsyncGenerator<Progress, History> {
  const { loss, optimizer = adam(), clip, validation, seed = 1, signal, profile = false } = options
  const doneAt = doneBy(options, data.batches)
  const random = new Random(seed)
  const spent = { matmul: 0, formulas: 0, moves: 0 }
  const trainer = new Trainer(model, { ...planFor(data), loss, optimizer, ...(clip && { clip }), ...(profile && { profile: spent }) })
  const [meter, pause] = [new Meter(), pauses()]
  const validated: { step: number; loss: number }[] = []
  let [step, epoch, done] = [0, 0, 0]

  try {
    while (done < 1 && !signal?.aborted) {
      epoch++
      const epochEnd = step + data.batches
      trainer.forget()
      for await (const batch of data.epoch(random)) {
        step++
        meter.begin()
        const stepLoss = trainer.step(batch, done)
        meter.end(stepLoss, trainer.items)

        done = doneAt(step, meter.elapsed)
        const measures = validation && (step === epochEnd || done === 1)
        const validationLoss = measures ? await measure(model, validation, options) : undefined
        if (validationLoss !== undefined) validated.push({ step, loss: validationLoss })
        const { elapsed } = meter
        yield {
          step, epoch, stepLoss, done, elapsed,
          loss: meter.loss,
          ...(validationLoss !== undefined && { validationLoss }),
          ...(profile && { profile: stepProfile(spent, step, meter.busy) }),
          gradientNorm: trainer.gradientNorm,
          rate: trainer.rate,
          itemsPerSecond: meter.itemsPerSecond,
          left: done > 0 ? (elapsed * (1 - done)) / done : Infinity,
        }
        await pause()
        if (done === 1 || signal?.aborted) break
      }
      if (step === 0)
        throw new ValueError({ where: 'data', expected: 'at least one batch', got: 'an epoch without any', fix: 'Pass more data.' })
    }
    const { losses, elapsed: seconds } = meter
    return {
      losses, seconds,
      validation: validated,
      epochs: epoch,
      aborted: done < 1,
      ...(profile && { profile: stepProfile(spent, step, meter.busy) }),
    }
  } finally {
    trainer[Symbol.dispose]()
  }
}

/** The validation loss, or nothing if the signal ended it. */
const measure = async (model: Layer, data: Data, { loss, signal }: TrainingOptions): Promise<number | undefined> => {
  try {
    return await evaluate(model, data, { loss, ...(signal && { signal }) })
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return undefined
    throw error
  }
}
