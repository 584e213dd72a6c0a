import { option } from '@recurra/tensor'

/** What gives adapters: `navigator.gpu` of a page, or what `create([])` of the npm package `webgpu` makes. */
export interface GpuLike {
  /** Resolves to an adapter, or to `null` if there is none. */
  requestAdapter(options?: Pick<WebGpuOptions, 'powerPreference'>): Promise<unknown>
}

/** Options of `webgpu`. */
export interface WebGpuOptions {
  /** Which adapter to prefer where there are several. Default: the one that the browser or the driver chooses. */
  readonly powerPreference?: 'low-power' | 'high-performance'
  /** How much memory of the device may be used, in bytes; it is taken as it is needed. Default: 4 GiB. */
  readonly memory?: number
  /**
   * What runs instead where there is no adapter; `describe()` then gives the reason. `'none'` makes that an error.
   * Default: `'none'`.
   */
  readonly fallback?: 'none' | 'webassembly' | 'javascript'
  /**
   * What gives adapters, such as `create(['adapter=…'])` of the npm package `webgpu`. Default: `navigator.gpu`, or in
   * Node the package `webgpu`, if it is installed.
   */
  readonly gpu?: GpuLike
}

const isGpu = (value: unknown): boolean =>
  typeof (value as Partial<GpuLike> | null | undefined)?.requestAdapter === 'function'

/** How each option is checked. */
export const webGpuKinds: {
  readonly powerPreference: option.Option<WebGpuOptions['powerPreference']>
  readonly memory: option.Option<number>
  readonly fallback: option.Option<'none' | 'webassembly' | 'javascript'>
  readonly gpu: option.Option<GpuLike | undefined>
} = {
  powerPreference: option.oneOf('low-power', 'high-performance')(),
  memory: option.count(2 ** 32),
  fallback: option.oneOf('none', 'webassembly', 'javascript')('none'),
  gpu: option.checked<GpuLike>('an object with requestAdapter, such as navigator.gpu', isGpu)(),
}
