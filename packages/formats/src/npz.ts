/**
 * Reads and writes NumPy's npz files. A separate entry, because most programs do not need its compression.
 *
 * @module @recurra/formats/npz
 */
export { readNpz, type ReadNpzOptions } from './npz/read-npz.ts'
export { writeNpz, type WriteNpzOptions } from './npz/write-npz.ts'
