/**
 * The contract between layers and machines, and the JavaScript reference backend.
 *
 * @module @recurra/backend
 */
export type { Backend, Kernel, PackedProduct, ProductOf } from './backend.ts'
export { javascript, type JavaScriptOptions } from './javascript/javascript.ts'
export { webassembly } from './webassembly/webassembly.ts'
