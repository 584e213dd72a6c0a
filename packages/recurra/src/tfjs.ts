/**
 * Models for TensorFlow.js. It is an entry of its own, because most programs do not write them.
 *
 * @module recurra/tfjs
 */
export * from '@recurra/formats/tfjs'
