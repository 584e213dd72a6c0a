/**
 * Logs for TensorBoard. It is a separate entry, because most programs do not need it.
 *
 * @module @recurra/formats/tensorboard
 */
export { tensorBoard } from './tensorboard/tensor-board.ts'
