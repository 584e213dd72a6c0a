/**
 * Float32 matrix products with the wide instructions of the processor, on the memory of the WebAssembly backend. An
 * option for Node: nothing else needs it, and it has to be built first.
 *
 * @module @recurra/backend-native
 */
export { addonFile, isBuilt } from './addon-file.ts'
export type { NativeKernel, NativeKernels } from './kernels.ts'
export { native, type Native } from './native.ts'
