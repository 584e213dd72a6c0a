/**
 * Models for Keras. It is a separate entry, because most programs do not write them.
 *
 * @module @recurra/formats/keras
 */
export { exportKeras } from './keras/export-keras.ts'
