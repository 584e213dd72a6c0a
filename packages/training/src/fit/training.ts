import { pauses } from '@recurra/backend'
import type { Layer } from '@recurra/layers'
import { ConfigurationError, Random, ValueError } from '@recurra/tensor'
import { planFor, type Data } from '../data/batch.ts'
import type { Loss } from '../losses/loss.ts'
import type { Metrics } from '../metrics/metric.ts'
import { adam } from '../optimizers/adam.ts'
import type { Optimizer } from '../optimizers/optimizer.ts'
import type { Clip } from '../trainer/clip.ts'
import { Trainer } from '../trainer/trainer.ts'
import { evaluate, type Evaluation } from './evaluate.ts'
import { doneBy, type Limits } from './limits.ts'
import { Meter } from './meter.ts'
import type { History, Measurement, Progress } from './progress.ts'
import { Reader } from './reader.ts'
import { stepProfile } from './step-profile.ts'

/** Options of `training`, and of `fit`. */
export interface TrainingOptions<M extends Metrics = {}> extends Limits {
  /** What is made small. */
  readonly loss: Loss
  /** `adam()` unless said otherwise; the learning rate or its schedule is the optimizer's. */
  readonly optimizer?: Optimizer
  /** How gradients are kept small; not at all unless said otherwise. `{ norm: 5 }` is usual for recurrent networks. */
  readonly clip?: Clip
  /** Data to measure the loss on, without training, after each epoch and at the end. */
  readonly validation?: Data
  /** What is measured on it beside the loss, by names of your own. */
  readonly metrics?: M
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
export async function* training<const M extends Metrics = {}>(
  model: Layer,
  data: Data,
  options: TrainingOptions<M>,
): AsyncGenerator<Progress<M>, History<M>> {
  const { loss, optimizer = adam(), clip, validation, metrics, seed = 1, signal, profile = false } = options
  if (metrics && !validation)
    throw new ConfigurationError({
      where: 'metrics',
      expected: 'validation data to measure them on',
      got: 'none',
      fix: 'Pass { validation }.',
    })
  const doneAt = doneBy(options, data.batches)
  const random = new Random(seed)
  const spent = { matmul: 0, formulas: 0, moves: 0 }
  const trainer = new Trainer(model, { ...planFor(data), loss, optimizer, ...(clip && { clip }), ...(profile && { profile: spent }) })
  const [meter, pause] = [new Meter(), pauses()]
  const validated: Measurement<M>[] = []
  let [step, epoch, done] = [0, 0, 0]

  try {
    while (done < 1 && !signal?.aborted) {
      epoch++
      trainer.forget()
      const [before, reader] = [step, new Reader(data.epoch(random), signal)]
      try {
        for (let batch = await reader.next(); batch; batch = await reader.next()) {
          step++
          meter.begin()
          const stepLoss = trainer.step(batch, done)
          meter.end(stepLoss, trainer.items)

          done = doneAt(step, meter.elapsed, epoch - 1)
          const over = done < 1 && (await reader.over())
          if (over) done = doneAt(step, meter.elapsed, epoch)
          const measured = validation && (over || done === 1) ? await measure(model, validation, options) : undefined
          if (measured) validated.push({ step, ...measured })
          const { elapsed } = meter
          yield {
            step, epoch, stepLoss, done, elapsed,
            loss: meter.loss,
            ...(measured && { validationLoss: measured.loss, validationMetrics: measured.metrics }),
            ...(profile && { profile: stepProfile(spent, step, meter.busy) }),
            gradientNorm: trainer.gradientNorm,
            rate: trainer.rate,
            itemsPerSecond: meter.itemsPerSecond,
            left: done > 0 ? (elapsed * (1 - done)) / done : Infinity,
          }
          await pause()
          if (done === 1 || signal?.aborted) break
        }
      } finally {
        await reader.close()
      }
      if (step === before && !signal?.aborted) throw nothingIn(epoch)
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

const nothingIn = (epoch: number): ValueError =>
  new ValueError({
    where: 'data',
    expected: 'at least one batch',
    got: `epoch ${epoch} without any`,
    fix: 'Pass more data; a stream can be read once, so make a new one for each epoch.',
  })

/** The validation loss and metrics, or nothing if the signal ended it. */
const measure = async <M extends Metrics>(
  model: Layer,
  data: Data,
  { loss, metrics, signal }: TrainingOptions<M>,
): Promise<Evaluation<M> | undefined> => {
  try {
    return await evaluate<M>(model, data, { loss, ...(metrics && { metrics }), ...(signal && { signal }) })
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return undefined
    throw error
  }
}
