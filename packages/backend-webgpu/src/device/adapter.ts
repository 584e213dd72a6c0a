import { nodeModule, nodeProcess } from '@recurra/backend/authoring'
import { ConfigurationError } from '@recurra/tensor'
import type { GpuLike } from '../webgpu-options.ts'

/** Why there is no device, and what to do. */
interface Missing { readonly got: string; readonly fix: string }

/** A device and its adapter, or why there is none. */
export type Found =
  | {
    readonly device: GPUDevice
    readonly adapter: string
    /** The least threads of a subgroup, where there are subgroups. */
    readonly subgroup: number | undefined
    readonly missing?: undefined
  }
  | { readonly missing: Missing }

interface Dawn {
  create(flags: readonly string[]): GpuLike
}

/** What devices were made of: Dawn crashes if that is garbage before a device is. */
const kept = new Set<GpuLike>()
let dawn: GpuLike | undefined

/** Node has no WebGPU of its own: the package `webgpu`, if it is installed beside this one or where a program runs. */
const fromPackage = (): GpuLike | undefined => {
  const [modules, fs] = [nodeModule('node:module'), nodeModule('node:fs')]
  if (!modules || !fs) return undefined
  for (const from of [import.meta.url, `${nodeProcess()!.cwd()}/.`]) {
    const require = modules.createRequire(from)
    const folders = require.resolve.paths('webgpu') ?? []
    if (!folders.some((folder) => fs.existsSync(`${folder}/webgpu`))) continue
    return (dawn ??= (require('webgpu') as Dawn).create([]))
  }
  return undefined
}

const gpuOf = (given: GpuLike | undefined): GpuLike | undefined =>
  given ?? (globalThis as { navigator?: { readonly gpu?: GpuLike } }).navigator?.gpu ?? fromPackage()

const described = ({ vendor, architecture, device, description }: GPUAdapterInfo): string =>
  description || [vendor, architecture, device].filter(Boolean).join(' ') || 'an adapter without a name'

/** As much as the adapter allows: the default limits are those of the weakest phone. */
const limits = [
  'maxBufferSize', 'maxStorageBufferBindingSize', 'maxStorageBuffersPerShaderStage', 'maxComputeWorkgroupStorageSize',
] as const

/** What kernels use where it is there. */
const optionalFeatures: readonly GPUFeatureName[] = ['subgroups']

const checkDriver = 'Check the driver of the graphics card, or pass a `fallback`.'
const inPage: Missing = {
  got: 'a page without navigator.gpu',
  fix: 'Use a browser with WebGPU and serve the page by HTTPS, or pass a `fallback`.',
}
const inNode: Missing = {
  got: 'Node without the package webgpu',
  fix: "Install it with `npm install webgpu`; a program can also pass `fallback: 'webassembly'`.",
}

/** Asks for an adapter and its device. */
export const findDevice = async (
  given: GpuLike | undefined, powerPreference: 'low-power' | 'high-performance' | undefined,
): Promise<Found> => {
  try {
    const gpu = gpuOf(given)
    if (!gpu) return { missing: nodeProcess()?.versions?.node === undefined ? inPage : inNode }
    kept.add(gpu)
    const adapter = (await gpu.requestAdapter(powerPreference && { powerPreference })) as GPUAdapter | null
    if (!adapter) return { missing: { got: 'no adapter', fix: checkDriver } }
    const requiredLimits = Object.fromEntries(limits.map((name) => [name, adapter.limits[name]]))
    const requiredFeatures = optionalFeatures.filter((name) => adapter.features.has(name))
    const device = await adapter.requestDevice({ requiredLimits, requiredFeatures })
    const subgroup = device.features.has('subgroups') ? adapter.info.subgroupMinSize : undefined
    return { device, adapter: described(adapter.info), subgroup }
  } catch (error) {
    return { missing: { got: String(error), fix: checkDriver } }
  }
}

/** The error where there is no device, and no fallback was asked for. */
export const noDevice = (missing: Missing): ConfigurationError =>
  new ConfigurationError({ where: 'webgpu', expected: 'a machine with WebGPU', ...missing })
