/**
 * Files of NumPy. It is a separate entry, because most programs do not need compression.
 *
 * @module @recurra/formats/npz
 */
export { readNpz, type ReadNpzOptions } from './npz/read-npz.ts'
export { writeNpz, type WriteNpzOptions } from './npz/write-npz.ts'
