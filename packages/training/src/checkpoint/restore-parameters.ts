import type { Layer } from '@recurra/layers'
import type { Checkpoint } from './checkpoint.ts'
import { expectCheckpoint, savedParameters } from './saved-tensors.ts'

/**
 * Loads the parameters of a checkpoint into a model, to use it without further training. (To resume training, use `fit`
 * with `resume`, or `Trainer.restore` in your own loop.)
 *
 * ```ts
 * import {
 *   dense, fit, meanSquaredError, restoreParameters, sequences, sequential, vector, type Checkpoint,
 * } from 'recurra'
 *
 * const [model, other] = [1, 2].map((seed) => sequential(vector(1), [dense(1)], { seed }))
 * let last: Checkpoint | undefined
 * const store = { save: async (checkpoint: Checkpoint) => void (last = checkpoint) }
 * const data = sequences({ x: [[1], [2]], target: [[2], [4]] })
 * await fit(model!, data, { loss: meanSquaredError(), checkpoints: { store } })
 * restoreParameters(other!, last!)
 * const [y, same] = [model!, other!].map((one) => one.backend.read(one.stream().step([3]))[0])
 * console.log(y === same) // true
 * ```
 * @throws `CheckpointError` if it is not a checkpoint, or belongs to another model. The error names the difference, and
 * nothing has changed.
 */
export const restoreParameters = (model: Layer, checkpoint: Checkpoint): void => {
  const { parameters } = Object(checkpoint) as Checkpoint
  expectCheckpoint(checkpoint, 'restoreParameters', [parameters])
  const tensors = savedParameters(model)
  tensors.check(parameters)
  tensors.restore(parameters)
}
