import { Revisions, backend, javascript, expectAtOnce, withScopes, type Backend } from '@recurra/backend/authoring'
import { options } from '@recurra/tensor'
import { findDevice, noDevice, type Found } from './device/adapter.ts'
import { Commands } from './device/commands.ts'
import { Device } from './device/device.ts'
import { DeviceMemory } from './device/memory.ts'
import { Transfer } from './device/transfer.ts'
import { Formulas } from './formulas.ts'
import { Products } from './products.ts'
import { RowMoves } from './row-moves.ts'
import { webGpuKinds, type WebGpuOptions } from './webgpu-options.ts'
import { WeightCopies } from './weight-copies.ts'

/**
 * A backend that runs on the GPU through WebGPU, in float32: in a page, in a worker, and in Node with the npm package
 * `webgpu`. It is asynchronous: `fit`, `evaluate` and `predict` await what they read, and your own loops use
 * `stepAsync` of a `Trainer`. Results are bit-identical on the same adapter.
 *
 * ```ts
 * import { dense, fit, gru, last, meanSquaredError, sequences, sequential } from 'recurra'
 * import { webgpu } from 'recurra/webgpu'
 *
 * const backend = await webgpu({ fallback: 'webassembly' })
 * const model = sequential(1, [gru(8), last(), dense(1)], { backend })
 * const data = sequences({ x: [[[1], [2]], [[3], [1]]], target: [[3], [4]] })
 * const { losses } = await fit(model, data, { loss: meanSquaredError(), steps: 10 })
 * console.log(losses.length) // 10
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid, or there is no adapter and no `fallback`.
 * @throws `MemoryError` from whatever allocates memory on it, if `memory` is used up.
 */
export const webgpu = async (given: WebGpuOptions = {}): Promise<Backend> => {
  const { powerPreference, weights, memory, fallback, gpu } = options('webgpu', given, webGpuKinds)
  const found = await findDevice(gpu, powerPreference)
  const { missing } = found
  if (!missing) return backendOn(found, { memory, weights })
  if (fallback === 'none') throw noDevice(missing)
  const instead = fallback === 'webassembly' ? backend() : javascript()
  return { ...instead, describe: () => `${instead.describe()} (no WebGPU: ${missing.got})` }
}

/** What a backend made its device do so far. */
export interface DeviceUse {
  /** Kernels that ran. */
  readonly dispatches: number
  /** Command lists that were submitted. */
  readonly submissions: number
  /** Bytes of the buffers that hold its tensors. */
  readonly bytes: number
}

const uses = new WeakMap<Backend, () => DeviceUse>()

/**
 * The work that a backend has given to its GPU so far; `undefined` if it does not run on a GPU.
 *
 * ```ts
 * import { backend } from 'recurra'
 * import { deviceUse } from 'recurra/webgpu'
 *
 * console.log(deviceUse(backend())) // undefined
 * ```
 */
export const deviceUse = (backend: Backend): DeviceUse | undefined => uses.get(backend)?.()

const backendOn = (
  { device: gpu, adapter, subgroup }: Extract<Found, { device: object }>,
  { memory: bytes, weights }: Required<Pick<WebGpuOptions, 'memory' | 'weights'>>,
): Backend => {
  const half = weights === 'float16'
  const commands: Commands = new Commands(gpu, (number) => memory.buffer(number))
  const memory: DeviceMemory = new DeviceMemory(gpu, bytes, (region) => commands.clear(region))
  const device = new Device(memory, commands, gpu.limits.maxStorageBuffersPerShaderStage, subgroup)
  const transfer = new Transfer(memory, commands)
  const revisions = new Revisions()
  const [formulas, moves] = [new Formulas(device), new RowMoves(device)]
  const products = new Products(device, new WeightCopies(device, revisions, half))
  const machine = { name: 'webgpu', answersLater: true }
  const { profiling: _, ...made } = withScopes(revisions.countedOn({ // the time of a call is not that of its work
    ...machine,
    dtype: 'float32',
    ...(half && { packsWeights: true }),
    describe: () => `webgpu, float32${half ? ' with float16 weights' : ''}, ${adapter}`,
    zeros: (shape) => memory.floats(shape),
    indices: (shape, count) => memory.indices(shape, count),
    write: (to, values) => transfer.write(to, values),
    read: () => expectAtOnce(machine, '`readAsync`') as never,
    readAsync: (from) => transfer.read(from),
    readBack: (from) => transfer.readBack(from),
    sideBySide: (make) => memory.sideBySide(make),
    joined: (tensors) => memory.joined(tensors),
    matmul: (operands) => products.matmul(operands),
    batchedMatmul: (operands) => products.batchedMatmul(operands),
    packedMatmul: (operands) => products.packedMatmul(operands),
    formula: (program, operands) => formulas.formula(program, operands),
    batchedFormula: (program, operands) => formulas.batchedFormula(program, operands),
    gather: (operands) => moves.gather(operands),
    scatterAdd: (operands) => moves.scatterAdd(operands),
  }), (make, owner) => memory.scope(make, owner))
  uses.set(made, () => {
    const { dispatches, submissions } = commands
    return { dispatches, submissions, bytes: memory.allocated }
  })
  return made
}
