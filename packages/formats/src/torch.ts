/**
 * Reads and writes PyTorch files. A separate entry, because most programs do not need it.
 *
 * @module @recurra/formats/torch
 */
export { readTorch, type TorchFile } from './torch/read-torch.ts'
export type { ReadTorchOptions } from './torch/torch-options.ts'
export { writeTorch } from './torch/write-torch.ts'
