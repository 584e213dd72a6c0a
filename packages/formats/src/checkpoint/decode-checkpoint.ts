import type { Checkpoint } from '@recurra/training'
import { FormatError } from '../errors.ts'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import { checkpointFrom } from './checkpoint-schema.ts'
import { unpackPlainData } from './plain-data.ts'
import { expectSealed } from './seal.ts'

/**
 * The checkpoint that `encodeCheckpoint` made bytes of.
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
 * @throws `FormatError` if bytes are torn or altered anywhere.
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
