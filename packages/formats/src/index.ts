/**
 * Model files that others read and write.
 *
 * @module @recurra/formats
 */
export { decodeCheckpoint, encodeCheckpoint } from './checkpoint/checkpoint-bytes.ts'
export { configOf, type KnownLayers } from './config/config-of.ts'
export type {
  EncoderDecoderConfig, LayerConfig, ModelConfig, SequentialConfig, SignalConfig,
} from './config/model-config.ts'
export { modelOf, type Model, type ModelOptions } from './config/model-of.ts'
export type { ByteSource } from './byte-source.ts'
export { FormatError } from './errors.ts'
export { importModel } from './import/import-model.ts'
export type { ImportOptions } from './import/import-options.ts'
export type { GraphOptions } from './onnx/import/graph-options.ts'
export type { FilesByName, Importer, ImporterOptions, ModelFiles } from './import/importer.ts'
export type { RecurrentActivation } from './import/module.ts'
export type { SkipOptions } from './parameters/skipped.ts'
export { exportJavascript, type JavascriptOptions } from './javascript/export-javascript.ts'
export type { Symbols } from './javascript/sampling.ts'
export type { ConfigOptions, FrameworkName, LayerMaker, LayerMakers } from './layers/layer-format.ts'
export type { LayoutEntry, ParameterLayout, ParameterPart } from './parameters/layout.ts'
export type { Framework, FrameworkLayout } from './frameworks/framework.ts'
export { frameworks } from './frameworks/frameworks.ts'
export { keras } from './frameworks/keras/keras.ts'
export { loadParameters, type LoadOptions } from './parameters/load-parameters.ts'
export { parametersOf, type ParametersOptions } from './parameters/parameters-of.ts'
export { pytorch } from './frameworks/pytorch/pytorch.ts'
export { recurra } from './parameters/layout.ts'
export { saveParameters, type SaveOptions } from './parameters/save-parameters.ts'
export type { ReadTorchOptions } from './torch/torch-options.ts'
export { readTensors } from './read-tensors.ts'
export type { FloatType, StoredType } from './safetensors/dtypes.ts'
export { readSafetensors, type Safetensors } from './safetensors/read-safetensors.ts'
export { writeSafetensors } from './safetensors/write-safetensors.ts'
export { StorageError } from './errors.ts'
