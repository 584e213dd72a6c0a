/**
 * Models for TensorFlow.js. It is a separate entry, because most programs do not write them.
 *
 * @module @recurra/formats/tfjs
 */
export { exportTfjs } from './tfjs/export-tfjs.ts'
