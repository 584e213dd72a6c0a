/**
 * Float32 matrix products with the wide instructions of the processor, on the memory of the WebAssembly backend.
 * Optional, and only for Node: nothing else needs it. Build it first; then `backend({ native: true })` uses it.
 *
 * @module @recurra/backend-native
 */
export { addonFile, isBuilt } from './addon-file.ts'
