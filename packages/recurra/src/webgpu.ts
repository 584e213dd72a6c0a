/**
 * The GPU through WebGPU: `const backend = await webgpu()`, for pages, workers, and Node with the npm package `webgpu`.
 * A separate entry, because most programs do not need it.
 *
 * @module recurra/webgpu
 */
export * from '@recurra/backend-webgpu'
