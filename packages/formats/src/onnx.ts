/**
 * Models for other runtimes. It is an entry of its own, because the schema of ONNX takes a third of the time that all
 * the rest takes to load.
 *
 * @module @recurra/formats/onnx
 */
export { exportOnnx, type OnnxOptions } from './onnx/export-onnx.ts'
