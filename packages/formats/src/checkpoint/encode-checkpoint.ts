import type { NamedTensor } from '@recurra/tensor'
import type { Checkpoint } from '@recurra/training'
import { writeSafetensors } from '../safetensors/write-safetensors.ts'
import { checkpointInFile } from './checkpoint-schema.ts'
import { packPlainData } from './plain-data.ts'
import { seal, sealed, unsealed } from './seal.ts'

/**
 * A checkpoint as bytes: a safetensors file whose metadata holds all that is not a tensor, and a checksum over every
 * byte. All values are kept to the bit.
 *
 * ```ts
 * import {
 *   adam, decodeCheckpoint, dense, encodeCheckpoint, meanSquaredError, sequential, Trainer, vector,
 * } from 'recurra'
 *
 * const options = { loss: meanSquaredError(), optimizer: adam(), steps: 1, batch: 1 }
 * const trainer = new Trainer(sequential(vector(1), [dense(1)]), options)
 * trainer.step({ x: [1], target: [2] })
 * const bytes = encodeCheckpoint(trainer.save())
 *
 * const later = new Trainer(sequential(vector(1), [dense(1)]), options)
 * later.restore(decodeCheckpoint(bytes))
 * console.log(later.step({ x: [1], target: [2] }) === trainer.step({ x: [1], target: [2] })) // true
 * ```
 * @throws `ValueError` if there is more in it than plain data and tensors: a metric has given something else.
 */
export const encodeCheckpoint = (checkpoint: Checkpoint): Uint8Array => {
  const tensors: NamedTensor[] = []
  const json = packPlainData(checkpointInFile(checkpoint), tensors)
  const file = writeSafetensors(tensors, { [sealed]: unsealed, checkpoint: JSON.stringify(json) })
  seal(file)
  return file
}
