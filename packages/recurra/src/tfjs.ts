/**
 * Exports models to TensorFlow.js. A separate entry, because most programs do not need it.
 *
 * @module recurra/tfjs
 */
export * from '@recurra/formats/tfjs'
