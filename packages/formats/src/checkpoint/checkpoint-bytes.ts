import type { NamedTensor } from '@recurra/tensor'
import type { Checkpoint } from '@recurra/training'
import { FormatError } from '../errors.ts'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import { writeSafetensors } from '../safetensors/write-safetensors.ts'
import { checkpointFrom, checkpointInFile } from './checkpoint-schema.ts'
import { packPlainData, unpackPlainData } from './plain-data.ts'
import { expectSealed, seal, sealed, unsealed } from './seal.ts'

/**
 * A checkpoint as bytes: a safetensors file whose metadata holds everything that is not a tensor, and a checksum of all
 * bytes. All values are kept bit-identically.
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
 * @throws `ValueError` if it contains more than plain data and tensors, because a metric returned something else.
 */
export const encodeCheckpoint = (checkpoint: Checkpoint): Uint8Array => {
  const tensors: NamedTensor[] = []
  const json = packPlainData(checkpointInFile(checkpoint), tensors)
  const file = writeSafetensors(tensors, { [sealed]: unsealed, checkpoint: JSON.stringify(json) })
  seal(file)
  return file
}

/**
 * The checkpoint in bytes made by `encodeCheckpoint`.
 *
 * ```ts
 * import { decodeCheckpoint } from 'recurra'
 *
 * try {
 *   decodeCheckpoint(Uint8Array.of(1, 2, 3))
 * } catch (error) {
 *   console.log((error as Error).name) // FormatError
 * }
 * ```
 * @throws `FormatError` if the bytes are incomplete or altered anywhere.
 */
export const decodeCheckpoint = (file: Uint8Array): Checkpoint => {
  expectSealed(file)
  const { tensors, metadata } = readSafetensors(file)
  return checkpointFrom(unpackPlainData(parsed(metadata.get('checkpoint')), tensors))
}

const parsed = (json = ''): unknown => {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw new FormatError({
      where: 'checkpoint',
      expected: 'JSON in its metadata',
      got: (error as Error).message,
      fix: 'It was not written by Recurra, or changed by hand.',
    })
  }
}
