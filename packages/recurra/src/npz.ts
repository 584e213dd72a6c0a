/**
 * Files of NumPy. It is an entry of its own, because most programs do not need what packs and unpacks.
 *
 * @module recurra/npz
 */
export * from '@recurra/formats/npz'
