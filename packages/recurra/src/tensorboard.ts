/**
 * Logs for TensorBoard. A separate entry, because most programs do not need it.
 *
 * @module recurra/tensorboard
 */
export * from '@recurra/formats/tensorboard'
