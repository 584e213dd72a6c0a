/**
 * Files of PyTorch. It is a separate entry, because most programs do not read them.
 *
 * @module @recurra/formats/torch
 */
export { readTorch, type TorchFile } from './torch/read-torch.ts'
export type { ReadTorchOptions } from './torch/torch-options.ts'
export { writeTorch } from './torch/write-torch.ts'
