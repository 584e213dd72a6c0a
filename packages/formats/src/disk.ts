/**
 * Models and checkpoints in folders on a disk, for Node.
 *
 * @module @recurra/formats/disk
 */
export type { StoreOptions } from './checkpoint/latest-whole.ts'
export { uninitializedModel } from './disk/uninitialized-model.ts'
export { checkpointFolder, type CheckpointFolderOptions } from './disk/checkpoint-folder.ts'
export { makeFolder, orStorageError, writeDurably, type Files, type OpenFile } from './disk/files.ts'
export { loadModel } from './disk/load-model.ts'
export { modelFiles, saveModel, type SaveModelOptions } from './disk/save-model.ts'
export { readModelFiles, type ReadModelFilesOptions } from './disk/read-model-files.ts'
export { readTensorHeaders, type TensorHeaders } from './disk/tensor-headers.ts'
