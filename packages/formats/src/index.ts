/**
 * Model files that others read and write.
 *
 * @module @recurra/formats
 */
export { FormatError } from './format-error.ts'
export { exportOnnx, type OnnxOptions } from './onnx/export-onnx.ts'
export type { ParameterLayout, Part, StoredParameter } from './parameters/layout.ts'
export { keras } from './parameters/keras-layout.ts'
export { loadParameters, type LoadOptions, type NamedTensors } from './parameters/load-parameters.ts'
export { pytorch } from './parameters/pytorch-layout.ts'
export { recurra } from './parameters/recurra-layout.ts'
export { saveParameters, type SaveOptions } from './parameters/save-parameters.ts'
export type { StoredType, StoredValues } from './safetensors/dtypes.ts'
export { readSafetensors, type Safetensors, type StoredTensor } from './safetensors/read-safetensors.ts'
export { writeSafetensors, type TensorToStore } from './safetensors/write-safetensors.ts'
