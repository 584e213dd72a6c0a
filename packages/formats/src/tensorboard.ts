/**
 * Logs for TensorBoard. It is an entry of its own, because most programs do not need it.
 *
 * @module @recurra/formats/tensorboard
 */
export { tensorBoard } from './tensorboard/tensor-board.ts'
