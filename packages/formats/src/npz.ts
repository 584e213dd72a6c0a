/**
 * Files of NumPy. It is an entry of its own, because most programs do not need what packs and unpacks.
 *
 * @module @recurra/formats/npz
 */
export { readNpz, type ReadNpzOptions } from './npz/read-npz.ts'
export { writeNpz, type WriteNpzOptions } from './npz/write-npz.ts'
