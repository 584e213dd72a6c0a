import type { Checkpoint } from '@recurra/training'
import type { TensorToStore } from '../safetensors/tensor-to-store.ts'
import { writeSafetensors } from '../safetensors/write-safetensors.ts'
import { version } from './checkpoint-schema.ts'
import { packPlainData } from './plain-data.ts'
import { seal, sealed, unsealed } from './seal.ts'

/**
 * A checkpoint as bytes: a safetensors file whose metadata holds all that is no tensor, and a checksum over every byte.
 * All numbers are kept to the bit.
 */
export const encodeCheckpoint = (checkpoint: Checkpoint): Uint8Array => {
  const tensors: TensorToStore[] = []
  const json = packPlainData({ version, ...checkpoint }, tensors)
  const file = writeSafetensors(tensors, { [sealed]: unsealed, checkpoint: JSON.stringify(json) })
  seal(file)
  return file
}
