/**
 * Models for other runtimes. It is an entry of its own, because most programs do not need what takes so long to load.
 *
 * @module recurra/onnx
 */
export * from '@recurra/formats/onnx'
