/**
 * Models for Keras. It is an entry of its own, because most programs do not write them.
 *
 * @module recurra/keras
 */
export * from '@recurra/formats/keras'
