/**
 * Exports models to Keras. A separate entry, because most programs do not need it.
 *
 * @module recurra/keras
 */
export * from '@recurra/formats/keras'
