/**
 * Model files that others read and write.
 *
 * @module @recurra/formats
 */
export { FormatError } from './format-error.ts'
export type { StoredType, StoredValues } from './safetensors/dtypes.ts'
export { readSafetensors, type Safetensors, type StoredTensor } from './safetensors/read-safetensors.ts'
export { writeSafetensors, type TensorToStore } from './safetensors/write-safetensors.ts'
