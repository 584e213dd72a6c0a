import { option } from '@recurra/tensor'

/**
 * An object that provides adapters: `navigator.gpu` of a page, or the result of `create([])` of the npm package
 * `webgpu`.
 */
export interface GpuLike {
  /** Resolves to an adapter, or to `null` if there is none. */
  requestAdapter(options?: Pick<WebGpuOptions, 'powerPreference'>): Promise<unknown>
}

/** Options of `webgpu`. */
export interface WebGpuOptions {
  /** Which adapter to prefer where there are several. Default: the one that the browser or the driver chooses. */
  readonly powerPreference?: 'low-power' | 'high-performance'
  /**
   * How products read weights: `'float16'` rounds them to 11 bits, which halves the memory that each product reads;
   * sums, gradients and updates stay float32. Default: `'float32'`.
   */
  readonly weights?: 'float32' | 'float16'
  /** The most device memory that may be used, in bytes; it is allocated as needed. Default: 4 GiB. */
  readonly memory?: number
  /**
   * The backend to use instead if there is no adapter; `describe()` then gives the reason. `'none'`: an error. Default:
   * `'none'`.
   */
  readonly fallback?: 'none' | 'webassembly' | 'javascript'
  /**
   * The object that provides adapters, such as `create(['adapter=…'])` of the npm package `webgpu`. Default:
   * `navigator.gpu`, or in Node the package `webgpu`, if it is installed.
   */
  readonly gpu?: GpuLike
}

const isGpu = (value: unknown): boolean =>
  typeof (value as Partial<GpuLike> | null | undefined)?.requestAdapter === 'function'

/** How each option is checked. */
export const webGpuKinds: {
  readonly powerPreference: option.Option<WebGpuOptions['powerPreference']>
  readonly weights: option.Option<'float32' | 'float16'>
  readonly memory: option.Option<number>
  readonly fallback: option.Option<'none' | 'webassembly' | 'javascript'>
  readonly gpu: option.Option<GpuLike | undefined>
} = {
  powerPreference: option.oneOf('low-power', 'high-performance')(),
  weights: option.oneOf('float32', 'float16')('float32'),
  memory: option.count(2 ** 32),
  fallback: option.oneOf('none', 'webassembly', 'javascript')('none'),
  gpu: option.checked<GpuLike>('an object with requestAdapter, such as navigator.gpu', isGpu)(),
}
