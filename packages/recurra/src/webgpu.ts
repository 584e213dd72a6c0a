/**
 * The GPU by WebGPU: `const backend = await webgpu()`, for pages, workers, and Node with the npm package `webgpu`. It
 * is an entry of its own, because most programs do not need it.
 *
 * @module recurra/webgpu
 */
export * from '@recurra/backend-webgpu'
