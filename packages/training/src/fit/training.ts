import type { Layer } from '@recurra/layers'
import { Random } from '@recurra/tensor'
import type { Data } from '../data/batch.ts'
import type { Loss } from '../losses/loss.ts'
import { adam } from '../optimizers/adam.ts'
import type { Optimizer } from '../optimizers/optimizer.ts'
import type { Clip } from '../trainer/clip.ts'
import { Trainer } from '../trainer/trainer.ts'
import { evaluate } from './evaluate.ts'
import { doneBy, type Limits } from './limits.ts'
import { pauses } from './pause.ts'
import type { History, Progress } from './progress.ts'

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
  const { loss, optimizer = adam(), clip, validation, seed = 1, signal } = options
  const doneAt = doneBy(options, data.batches)
  const random = new Random(seed)
  const trainer = new Trainer(model, { loss, optimizer, steps: data.steps, batch: data.batch, padded: data.padded, ...(clip && { clip }) })
  const pause = pauses()
  const losses: number[] = []
  const validated: { step: number; loss: number }[] = []
  const start = performance.now()
  const elapsed = (): number => (performance.now() - start) / 1000
  let [epoch, done, smooth, items, busy] = [0, 0, 0, 0, 0]

  while (done < 1 && !signal?.aborted) {
    epoch++
    trainer.forget()
    let left = data.batches
    for (const batch of data.epoch(random)) {
      const before = performance.now()
      const stepLoss = trainer.step(batch, done)
      if (data.carry) trainer.carry()
      busy += (performance.now() - before) / 1000
      items += trainer.items
      losses.push(stepLoss)
      smooth = 0.98 * smooth + 0.02 * stepLoss

      const step = losses.length
      done = doneAt(step, elapsed())
      let validationLoss: number | undefined
      if (validation && !signal?.aborted && (--left === 0 || done === 1)) {
        validationLoss = await measured(model, validation, options)
        if (validationLoss !== undefined) validated.push({ step, loss: validationLoss })
      }
      const seconds = elapsed()
      yield {
        step, epoch, stepLoss, done,
        loss: smooth / (1 - 0.98 ** step),
        ...(validationLoss !== undefined && { validationLoss }),
        gradientNorm: trainer.gradientNorm,
        rate: trainer.rate,
        itemsPerSecond: items / busy,
        elapsed: seconds,
        left: (seconds * (1 - done)) / done,
      }
      await pause()
      done = doneAt(step, elapsed())
      if (done === 1 || signal?.aborted) break
    }
  }
  return { losses, validation: validated, epochs: epoch, seconds: elapsed(), aborted: signal?.aborted ?? false }
}

/** The validation loss, or nothing if the signal ended it. */
const measured = async (model: Layer, data: Data, { loss, signal }: TrainingOptions): Promise<number | undefined> => {
  try {
    return await evaluate(model, data, { loss, ...(signal && { signal }) })
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return undefined
    throw error
  }
}
