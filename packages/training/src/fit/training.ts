import { pauses } from '@recurra/backend'
import type { Layer } from '@recurra/layers'
import { ConfigurationError, Random } from '@recurra/tensor'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { planFor, type Data } from '../data/batch.ts'
import type { Loss } from '../losses/loss.ts'
import type { Metrics } from '../metrics/metric.ts'
import { adam } from '../optimizers/adam.ts'
import type { Optimizer } from '../optimizers/optimizer.ts'
import type { Clip } from '../trainer/clip.ts'
import { Trainer } from '../trainer/trainer.ts'
import { Stopping, type EarlyStopping } from './early-stopping.ts'
import { Epochs } from './epochs.ts'
import { evaluate, type Evaluation } from './evaluate.ts'
import { doneBy, type Limits } from './limits.ts'
import { Meter } from './meter.ts'
import type { History, Measurement, Progress } from './progress.ts'
import { layoutOf, resumed } from './resumed.ts'
import { Saver, type Checkpoints, type Moment } from './saver.ts'
import { stepProfile, type StepProfile } from './step-profile.ts'

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
  /** Where checkpoints are kept, and how often one is saved. */
  readonly checkpoints?: Checkpoints
  /**
   * Goes on from a checkpoint, `await store.latest()` say, as if training had never stopped: with the same model, data and
   * options, to the bit. What limits the training counts from its beginning. Starts anew if there is none.
   */
  readonly resume?: Checkpoint | undefined
  /** Ends the training when the validation data shows no improvement, and keeps the best. */
  readonly earlyStopping?: EarlyStopping<M>
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
  const { loss, optimizer = adam(), clip, validation, metrics, seed = 1, signal, profile = false, checkpoints, resume, earlyStopping } = options
  if (metrics && !validation) throw noValidation('metrics', 'to measure them on')
  if (earlyStopping && !validation) throw noValidation('earlyStopping', 'to see improvement on')
  const doneAt = doneBy(options, data.batches)
  const spent = { matmul: 0, formulas: 0, moves: 0 }
  const from = resume && resumed(resume, data, metrics)
  const epochs = new Epochs(data, new Random(seed), signal, from?.position)
  const trainer = new Trainer(model, { ...planFor(data), loss, optimizer, ...(clip && { clip }), ...(profile && { profile: spent }) })
  try {
    const stopping = earlyStopping && new Stopping(model, earlyStopping, from?.stopping)
    await epochs.goBack()
    if (resume) trainer.restore(resume.trainer)
    const [meter, pause] = [new Meter(from?.meter), pauses()]
    const validated = [...(from?.validation ?? [])] as Measurement<M>[]
    const begin = { step: meter.losses.length, busy: meter.busy }
    let [{ step }, done] = [begin, 0]

    const moment = (): Moment => ({ step, elapsed: meter.elapsed, epochs: epochs.whole })
    const saver = new Saver(checkpoints ?? {}, moment())
    const checkpoint = (): Checkpoint => ({
      trainer: trainer.save(),
      fit: { data: layoutOf(data), position: epochs.position, meter: meter.save(), validation: [...validated], stopping: stopping?.save() },
    })
    /** What is to be done after a step: once more when it is resumed, in case that the signal came in between. */
    const settle = async (): Promise<Measurement<M> | undefined> => {
      done = doneAt(step, meter.elapsed, epochs.whole)
      const over = done < 1 && (await epochs.over())
      if (over) done = doneAt(step, meter.elapsed, epochs.whole)
      const due = validation && (over || done === 1) && validated.at(-1)?.step !== step
      const measured = due ? await measure(model, validation, options) : undefined
      const measurement = measured && { step, ...measured }
      if (measurement) {
        validated.push(measurement)
        stopping?.tell(measurement)
      }
      if (stopping?.over) done = 1
      return measurement
    }
    const profiled = (): { readonly profile?: StepProfile } =>
      profile ? { profile: stepProfile(spent, step - begin.step, meter.busy - begin.busy) } : {}

    if (step > 0) await settle()
    while (done < 1 && !signal?.aborted) {
      const batch = await epochs.next()
      if (!batch) break
      if (epochs.first) trainer.forget()
      step++
      meter.begin()
      const stepLoss = trainer.step(batch, done)
      meter.end(stepLoss, trainer.items)
      const epoch = epochs.begun
      const measured = await settle()
      await saver.tick(moment(), checkpoint)
      const { elapsed } = meter
      yield {
        step, epoch, stepLoss, done, elapsed,
        loss: meter.loss,
        ...(measured && { validationLoss: measured.loss, validationMetrics: measured.metrics }),
        ...profiled(),
        gradientNorm: trainer.gradientNorm,
        rate: trainer.rate,
        itemsPerSecond: meter.itemsPerSecond,
        left: done > 0 ? (elapsed * (1 - done)) / done : Infinity,
      }
      await pause()
    }
    await saver.save(moment(), checkpoint)
    stopping?.restore()
    const { losses, elapsed: seconds } = meter
    return {
      losses, seconds,
      validation: validated,
      epochs: epochs.begun,
      aborted: done < 1,
      ...(stopping && { stoppedEarly: stopping.over }),
      ...(stopping?.best && { best: stopping.best }),
      ...profiled(),
    }
  } finally {
    trainer[Symbol.dispose]()
    await epochs.close()
  }
}

const noValidation = (where: string, what: string): ConfigurationError =>
  new ConfigurationError({ where, expected: `validation data ${what}`, got: 'none', fix: 'Pass { validation }.' })

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
