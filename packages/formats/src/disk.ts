/**
 * Models in folders on a disk, for Node.
 *
 * @module @recurra/formats/disk
 */
export { loadModel } from './disk/load-model.ts'
export { modelFiles, saveModel, type SaveModelOptions } from './disk/save-model.ts'
export { writeDurably } from './disk/write-durably.ts'
