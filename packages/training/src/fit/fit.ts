import { pauses } from '@recurra/backend'
import type { Layer } from '@recurra/layers'
import { option, options } from '@recurra/tensor'
import type { Data } from '../data/batch.ts'
import type { Metrics } from '../metrics/metric.ts'
import type { Listener } from './log/log.ts'
import type { History, Progress } from './progress.ts'
import { expectData, expectModel } from '../part-options.ts'
import { trainingKinds, type CheckedTraining, type TrainingOptions } from './training-options.ts'
import { trainingRunOf } from './training-run.ts'

/** Options of `fit`. */
export interface FitOptions<M extends Metrics = {}> extends TrainingOptions<M> {
  /**
   * One or more listeners, such as a log, called in order after each step; of several processes that train together,
   * only in rank 0. `fit` awaits what they return. Default: no listener.
   */
  readonly onProgress?: Listener<M> | readonly Listener<M>[]
}

/**
 * Trains a model, and returns the history of the training. It ends after `epochs`, `steps` or `seconds`, whichever
 * comes first, or when the `signal` aborts. Default: one epoch.
 *
 * After an error, also one of a listener, the data is closed, and the model has the parameters of the last successful
 * step.
 *
 * ```ts
 * import { adam, characters, cosineDecay, dense, fit, lstm, embedding, sequential, softmaxCrossEntropy } from 'recurra'
 *
 * const text = characters('the quick brown fox jumps over the lazy dog. '.repeat(20))
 * const model = sequential(text.tokens, [embedding(8), lstm(16), dense(text.size)])
 * const { losses } = await fit(model, text.windows({ steps: 16, batch: 8 }), {
 *   loss: softmaxCrossEntropy(),
 *   optimizer: adam({ learningRate: cosineDecay(1e-2) }),
 *   clip: { norm: 5 },
 *   epochs: 4,
 *   onProgress: ({ step, loss, left }) => {
 *     console.log(`step ${step}: loss ${loss.toFixed(3)}, ${left.toFixed(0)} s left`)
 *   },
 * })
 * console.log(losses.at(-1))
 * ```
 * @throws `ShapeError` or `ValueError` if data is invalid; the error names the position.
 * @throws `NotFiniteError` if a loss or a gradient is not finite; the error names the layer and the step.
 * @throws `ConfigurationError` if an option is unknown or invalid, or does not fit the data or the model.
 * @throws `CheckpointError` if `resume` belongs to another model, optimizer or data.
 */
export const fit = async <const M extends Metrics = {}>(
  model: Layer,
  data: Data,
  given: FitOptions<M>,
): Promise<History<M>> => {
  expectModel(model, 'fit')
  expectData(data, 'fit')
  const { onProgress = [], ...known } = options('fit', given, { ...trainingKinds, onProgress: listenersOf<M>() })
  const isFirst = (known.dataParallel?.communicator.rank ?? 0) === 0
  const steps = stepsOf<M>(model, data, known, isFirst ? [onProgress].flat() : [])
  let step = await steps.next()
  while (!step.done) step = await steps.next()
  return step.value
}

const listenersOf = <M extends Metrics>(): option.Option<Listener<M> | readonly Listener<M>[] | undefined> =>
  option.checked<Listener<M> | readonly Listener<M>[]>(
    'a function, or a list of them',
    (value) => [value].flat().every((one) => typeof one === 'function'),
    () => 'Pass a function of what fit reports: ({ step, loss }) => console.log(step, loss).',
  )()

/**
 * Trains a model and yields its progress after each step: like `fit`, for programs that act between steps. Leaving the
 * loop ends the training and keeps the model as it is. It regularly yields to timers, signals and the page.
 *
 * ```ts
 * import { characters, dense, oneHot, rnn, sequential, softmaxCrossEntropy, training } from 'recurra'
 *
 * const text = characters('to be or not to be, that is the question')
 * const model = sequential(text.tokens, [oneHot(), rnn(8), dense(text.size)])
 * const data = text.windows({ steps: 8, batch: 4 })
 * for await (const { step, loss } of training(model, data, { loss: softmaxCrossEntropy() })) {
 *   if (loss < 1 || step === 100) break
 * }
 * ```
 * @throws `ShapeError` or `ValueError` if data is invalid; the error names the position.
 * @throws `NotFiniteError` if a loss or a gradient is not finite; the error names the layer and the step.
 * @throws `ConfigurationError` if an option is unknown or invalid, or does not fit the data or the model.
 * @throws `CheckpointError` if `resume` belongs to another model, optimizer or data.
 */
export async function* training<const M extends Metrics = {}>(
  model: Layer,
  data: Data,
  given: TrainingOptions<M>,
): AsyncGenerator<Progress<M>, History<M>> {
  expectModel(model, 'training')
  expectData(data, 'training')
  const known = options('training', given, trainingKinds)
  return yield* stepsOf<M>(model, data, known, [])
}

/** The same where everything was checked. After an error, also one of a listener, all is closed; others hear of it. */
async function* stepsOf<M extends Metrics>(
  model: Layer, data: Data, known: CheckedTraining, listeners: readonly Listener<M>[],
): AsyncGenerator<Progress<M>, History<M>> {
  try {
    const [run, pause] = [await trainingRunOf<M>(model, data, known), pauses()]
    try {
      await run.begin()
      for (let progress = await run.train(); progress; progress = await run.train()) {
        for (const listener of listeners) await listener(progress)
        yield progress
        await pause()
      }
      return await run.end()
    } finally {
      await run.close()
    }
  } catch (error) {
    known.dataParallel?.communicator.abort(error)
    throw error
  }
}
