import { pauses } from '@recurra/backend'
import type { Layer } from '@recurra/layers'
import { options } from '@recurra/tensor'
import type { Data } from '../data/batch.ts'
import type { Metrics } from '../metrics/metric.ts'
import { expectData, expectModel } from '../part-options.ts'
import type { History, Progress } from './progress.ts'
import { trainingKinds, type CheckedTraining, type TrainingOptions } from './training-options.ts'
import { trainingRunOf } from './training-run.ts'

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
  try {
    return yield* stepsOf<M>(model, data, known)
  } catch (error) {
    known.dataParallel?.communicator.abort(error)
    throw error
  }
}

/** The same where everything was checked. */
export async function* stepsOf<M extends Metrics>(
  model: Layer,
  data: Data,
  known: CheckedTraining,
): AsyncGenerator<Progress<M>, History<M>> {
  const [run, pause] = [await trainingRunOf<M>(model, data, known), pauses()]
  try {
    await run.begin()
    for (let progress = await run.step(); progress; progress = await run.step()) {
      yield progress
      await pause()
    }
    return await run.end()
  } finally {
    await run.close()
  }
}
