/**
 * Logs for TensorBoard. It is an entry of its own, because most programs do not need it.
 *
 * @module recurra/tensorboard
 */
export * from '@recurra/formats/tensorboard'
