import type { Checkpoint } from '@recurra/training'
import type { TensorToStore } from '../safetensors/tensor-to-store.ts'
import { writeSafetensors } from '../safetensors/write-safetensors.ts'
import { version } from './checkpoint-schema.ts'
import { packPlainData } from './plain-data.ts'
import { seal, sealed, unsealed } from './seal.ts'

/**
 * A checkpoint as bytes: a safetensors file whose metadata holds all that is no tensor, and a checksum over every byte.
 * All numbers are kept to the bit.
 *
 * ```ts
 * import {
 *   adam, decodeCheckpoint, dense, encodeCheckpoint, meanSquaredError, sequential, Trainer, vector,
 * } from 'recurra'
 *
 * const options = { loss: meanSquaredError(), optimizer: adam(), steps: 1, batch: 1 }
 * const trainer = new Trainer(sequential(vector(1), [dense(1)]), options)
 * trainer.step({ x: [1], target: [2] })
 * const bytes = encodeCheckpoint({ trainer: trainer.save() })
 *
 * const later = new Trainer(sequential(vector(1), [dense(1)]), options)
 * later.restore(decodeCheckpoint(bytes).trainer)
 * console.log(later.step({ x: [1], target: [2] }) === trainer.step({ x: [1], target: [2] })) // true
 * ```
 * @throws `ValueError` if there is more in it than plain data and tensors: a metric has given something else.
 */
export const encodeCheckpoint = (checkpoint: Checkpoint): Uint8Array => {
  const tensors: TensorToStore[] = []
  const json = packPlainData({ version, ...checkpoint }, tensors)
  const file = writeSafetensors(tensors, { [sealed]: unsealed, checkpoint: JSON.stringify(json) })
  seal(file)
  return file
}
