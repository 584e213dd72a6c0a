import type { NamedTensor } from '@recurra/tensor'
import type { Checkpoint } from '@recurra/training'
import { crc32 } from '../crc.ts'
import { FormatError } from '../errors.ts'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import { writeSafetensors } from '../safetensors/write-safetensors.ts'
import { checkpointFrom } from './checkpoint-schema.ts'
import { packPlainData, unpackPlainData } from './plain-data.ts'

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
export const encodeCheckpoint = ({ fit, optimizerState, ...others }: Checkpoint): Uint8Array => {
  const tensors: NamedTensor[] = []
  const { carried: { state, repeated } } = others
  const trainer = { ...others, carried: { state, fresh: repeated }, memory: optimizerState }
  const inFile = { version: 1, trainer, fit } // as `checkpointFrom` reads it
  const json = packPlainData(inFile, tensors)
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

/** The metadata key of the seal; it must come first, so that its position is known before anything is read. */
export const sealed = 'checksum'
/** The placeholder while the checksum is computed. */
export const unsealed = '00000000'

const before = new TextEncoder().encode(`{"__metadata__":{"${sealed}":"`)
const start = 8 + before.length
const end = start + unsealed.length

/** Writes the checksum of all bytes into the metadata of a safetensors file; other readers can still read the file. */
export const seal = (file: Uint8Array): void => file.set(new TextEncoder().encode(checksum(file)), start)

/**
 * Checks that no byte has changed since the file was sealed.
 * @throws `FormatError` if one has.
 */
export const expectSealed = (file: Uint8Array): void => {
  if (!before.every((byte, i) => file[8 + i] === byte)) throw fault('a checkpoint of Recurra', 'something else')
  const [wanted, got] = [new TextDecoder().decode(file.subarray(start, end)), checksum(file)]
  if (wanted !== got) throw fault(`bytes with the checksum ${wanted}`, got)
}

const checksum = (file: Uint8Array): string => {
  const gap = crc32(new TextEncoder().encode(unsealed), crc32(file.subarray(0, start)))
  return crc32(file.subarray(end), gap).toString(16).padStart(8, '0')
}

const fault = (expected: string, got: string): FormatError =>
  new FormatError({
    where: 'checkpoint',
    expected,
    got,
    fix: 'The file is torn or was altered; take the one before it.',
  })
