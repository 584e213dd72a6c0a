/**
 * Reads and writes NumPy's npz files. A separate entry, because most programs do not need its compression.
 *
 * @module recurra/npz
 */
export * from '@recurra/formats/npz'
