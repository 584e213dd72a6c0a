import type { GpuLike } from 'recurra/webgpu'

/** What a test does to a device. */
export interface TestedDevice {
  createBuffer(options: { readonly size: number; readonly usage: number }): unknown
  destroy(): void
}
interface Adapter {
  requestDevice(options: object): Promise<TestedDevice>
}

/** What was made of a device, by the name of the function. */
type Made = Record<'createBuffer' | 'createBindGroup' | 'createComputePipeline' | 'createShaderModule', number>

/** A GPU for one backend, whose device a test can break, and which counts what is made. */
export interface Watched {
  readonly gpu: GpuLike
  readonly made: Made
  device(): TestedDevice
}

/** Watches what the engine has, but for features that are hidden. */
export const watchedDevice = ({ hidden = [] }: { readonly hidden?: readonly string[] } = {}): Watched => {
  const { gpu } = globalThis.navigator as unknown as { readonly gpu: { requestAdapter(): Promise<Adapter> } }
  const made: Made = { createBuffer: 0, createBindGroup: 0, createComputePipeline: 0, createShaderModule: 0 }
  let device: TestedDevice | undefined
  const requestAdapter = async (): Promise<Adapter> => {
    const adapter = await gpu.requestAdapter()
    const requestDevice = async (options: object): Promise<TestedDevice> => {
      device = await adapter.requestDevice(options)
      const methods = device as unknown as Record<keyof Made, (options: object) => unknown>
      for (const name of Object.keys(made) as (keyof Made)[]) {
        const make = methods[name].bind(device)
        methods[name] = (given) => {
          made[name]++
          return make(given)
        }
      }
      return device
    }
    return new Proxy(adapter, {
      get(of, name) {
        if (name === 'requestDevice') return requestDevice
        const value: unknown = Reflect.get(of, name, of)
        return name === 'features' ? new Set([...(value as Set<string>)].filter((one) => !hidden.includes(one))) : value
      },
    })
  }
  return { gpu: { requestAdapter }, made, device: () => device! }
}
