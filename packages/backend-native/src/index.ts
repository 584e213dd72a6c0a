/**
 * Float32 matrix products with the wide instructions of the processor, on the memory of the WebAssembly backend. An
 * option for Node: nothing else needs it, it has to be built first, and `backend({ native: true })` runs it.
 *
 * @module @recurra/backend-native
 */
export { addonFile, isBuilt } from './addon-file.ts'
