/**
 * Exports models to ONNX, for other runtimes, and imports them. A separate entry, because most programs do not need it.
 *
 * @module recurra/onnx
 */
export * from '@recurra/formats/onnx'
