import { javascript, type Backend } from '@recurra/backend'
import {
  formula, input, maxOverAll, outputsOf, programOf, sumOverAll, sumOverColumns, sumOverRows,
} from '@recurra/formula'
import { ConfigurationError, dense, fit, lstm, meanSquaredError, sequences, sequential, type Checkpoint } from 'recurra'
import { DeviceError, webgpu } from 'recurra/webgpu'
import { expect, it } from 'vitest'
import { describeOnGpu } from './adapter.ts'
import { watchedDevice, type TestedDevice } from './watched-device.ts'

/** A backend, and its device to break. */
const breakable = async (): Promise<{ readonly backend: Backend; readonly device: TestedDevice }> => {
  const { gpu, device } = watchedDevice()
  const backend = await webgpu({ gpu })
  return { backend, device: device() }
}

const data = sequences({ x: [[[1], [2]], [[3], [1]]], target: [[[1], [2]], [[3], [1]]] })
const loss = meanSquaredError()

describeOnGpu('a device', () => {
  it('that is lost is a typed error, and training resumes from the last checkpoint', async () => {
    const { backend, device } = await breakable()
    const model = (on: Backend) => sequential(1, [lstm(3), dense(1)], { backend: on, seed: 1 })
    let saved: Checkpoint | undefined
    const checkpoints = {
      store: { save: async (one: Checkpoint) => void (saved = one), latest: async () => saved }, every: { steps: 4 },
    }
    const onProgress = ({ step }: { readonly step: number }): void => {
      if (step === 6) device.destroy()
    }
    const options = { loss, steps: 12, checkpoints }
    await expect(fit(model(backend), data, { ...options, onProgress })).rejects.toThrow(DeviceError)
    expect(saved!.steps).toBe(4)
    await expect(backend.readAsync(backend.zeros([1]))).rejects.toThrow('expected a device that runs')
    const resumed = await fit(model(await webgpu()), data, { ...options, resume: saved! })
    const whole = await fit(model(await webgpu()), data, { loss, steps: 12 })
    expect(resumed.losses).toEqual(whole.losses)
  })

  it('that refuses a command tells it at the next read, and works on', async () => {
    const { backend, device } = await breakable()
    const x = backend.zeros([1])
    device.createBuffer({ size: 4, usage: 0x1 | 0x2 | 0x80 }) // nothing may be mapped for reading and writing
    await expect(backend.readAsync(x)).rejects.toThrow(DeviceError)
    backend.write(x, [3])
    expect(await backend.readAsync(x)).toEqual(Float32Array.of(3))
  })

  it('reads all of a formula before it writes, also where a reduction overwrites what elements read', async () => {
    const program = programOf(outputsOf<string>({
      u: sumOverRows(input('x').mul(input('u', 'column'))), y: input('x').add(input('u', 'column')),
    }))
    const run = async (backend: Backend): Promise<unknown> => {
      const [x, u, y] = [backend.zeros([2, 3]), backend.zeros([3]), backend.zeros([2, 3])]
      backend.write(x, [1, 2, 3, 4, 5, 6])
      backend.write(u, [10, 20, 30])
      backend.formula(program, { x, u, y })(0)
      return [Array.from(await backend.readAsync(u)), Array.from(await backend.readAsync(y))]
    }
    expect(await run(await webgpu())).toEqual([[50, 140, 270], [11, 22, 33, 14, 25, 36]])
  })

  it('with subgroups adds in the order of one without, to the same bits', async () => {
    const element = input('x')
    const program = programOf(outputsOf<string>({
      sum: sumOverAll(element), rows: sumOverColumns(element), top: maxOverAll(element),
    }))
    const run = async (hidden: readonly string[]): Promise<unknown> => {
      const backend = await webgpu({ gpu: watchedDevice({ hidden }).gpu })
      const made: unknown[] = []
      for (const [rows, columns] of [[1, 1], [3, 33], [2, 700], [200, 300]] as const) {
        const tensors = {
          x: backend.zeros([rows, columns]),
          sum: backend.zeros([]), rows: backend.zeros([rows]), top: backend.zeros([]),
        }
        backend.write(tensors.x, Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i) * 10 ** (i % 5)))
        backend.formula(program, tensors)(0)
        for (const x of [tensors.sum, tensors.rows, tensors.top]) made.push(await backend.readAsync(x))
      }
      return made
    }
    expect(await run([])).toEqual(await run(['subgroups']))
  })

  it('names what is wrong with options, and with tensors of another backend', async () => {
    await expect(webgpu({ fallback: 'cpu' as 'none' })).rejects.toThrow(ConfigurationError)
    await expect(webgpu({ gpu: {} as never })).rejects.toThrow('an object with requestAdapter, such as navigator.gpu')
    const none = { requestAdapter: async () => null }
    await expect(webgpu({ gpu: none })).rejects.toThrow('expected a machine with WebGPU, got no adapter')
    expect((await webgpu({ gpu: none, fallback: 'webassembly' })).describe()).toMatch(/^webassembly.*no WebGPU: no /)
    const [far, near] = [await webgpu(), javascript()]
    const copy = formula({ element: ['x'] }, ({ x }) => ({ y: x }))
    expect(() => far.formula(copy, { x: near.zeros([1, 1]), y: far.zeros([1, 1]) })).toThrow('tensors of this backend')
    expect(() => far.read(far.zeros([1]))).toThrow('Await `readAsync`')
    const small = await webgpu({ memory: 2 ** 20 })
    expect(() => small.zeros([1024, 1024])).toThrow('expected 4.0 MiB of free memory')
  })
})
