/**
 * The GPU through WebGPU: `const backend = await webgpu()`.
 *
 * @module @recurra/backend-webgpu
 */
export { DeviceError } from './device/device-error.ts'
export { deviceUse, webgpu, type DeviceUse } from './webgpu.ts'
export type { GpuLike, WebGpuOptions } from './webgpu-options.ts'
