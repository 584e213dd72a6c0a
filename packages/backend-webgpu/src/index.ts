/**
 * The GPU by WebGPU: `const backend = await webgpu()`.
 *
 * @module @recurra/backend-webgpu
 */
export type { GpuLike } from './device/adapter.ts'
export { DeviceError } from './device/device-error.ts'
export { deviceUse, webgpu, type DeviceUse, type WebGpuOptions } from './webgpu.ts'
