/**
 * Exports models to ONNX, for other runtimes, and imports them. A separate entry, because the schema of ONNX takes a
 * third as long to load as everything else.
 *
 * @module @recurra/formats/onnx
 */
export { exportOnnx, type OnnxOptions } from './onnx/export-onnx.ts'
export { importOnnx, type OnnxImportOptions } from './onnx/import/import-onnx.ts'
