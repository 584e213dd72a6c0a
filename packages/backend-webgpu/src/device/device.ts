import type { Kernel } from '@recurra/backend/authoring'
import { ConfigurationError } from '@recurra/tensor'
import type { Dispatch } from './bindings.ts'
import type { Commands } from './commands.ts'
import type { AnyTensor, DeviceMemory, Location } from './memory.ts'
import { mostRows } from './tables.ts'

/** Most workgroups along an axis, on every device. */
const most = 65_535

/** So many workgroups along two axes; a kernel skips those beyond. */
export const spread = (count: number): readonly [x: number, y: number] => {
  const x = Math.min(Math.max(1, count), most)
  return [x, Math.max(1, Math.ceil(count / x))]
}

/** The buffers that some tensors lie in, each once, and the place of each tensor's memory. */
export interface Bound {
  readonly buffers: readonly number[]
  readonly at: readonly (Location & { readonly slot: number })[]
  /** The memory is not freed before its kernels. */
  readonly owner: object
}

/** What a kernel consists of. */
export interface KernelParts {
  /** Its body in WGSL. */
  readonly code: string
  /** Its operand table. */
  readonly rows: readonly (readonly number[])[]
  /** Where its operands lie. */
  readonly bound: Bound
  readonly workgroups: Dispatch['workgroups']
}

/** A GPU, as those see it who bind kernels to it. */
export class Device {
  readonly memory: DeviceMemory
  readonly commands: Commands
  /** The least threads of a subgroup, where there are subgroups. */
  readonly subgroup: number | undefined
  readonly #mostBuffers: number

  constructor(memory: DeviceMemory, commands: Commands, mostBuffers: number, subgroup?: number) {
    this.memory = memory
    this.commands = commands
    this.#mostBuffers = mostBuffers
    this.subgroup = subgroup
  }

  /**
   * Finds the memory of tensors; `undefined` while a plan is only measured.
   * @throws `ConfigurationError` if one belongs to another backend.
   */
  locate(tensors: readonly Pick<AnyTensor, 'data'>[]): Bound | undefined {
    if (!tensors.every((x) => this.memory.owns(x)))
      throw new ConfigurationError({
        where: 'webgpu',
        expected: 'tensors of this backend',
        got: 'one of another',
        fix: 'Make all layers of a model with one backend.',
      })
    const places = tensors.map((x) => this.memory.locate(x))
    if (places.some((place) => !place)) return undefined
    const buffers = [...new Set(places.map((place) => place!.buffer))]
    if (buffers.length > this.#mostBuffers)
      throw new ConfigurationError({
        where: 'webgpu',
        expected: `operands in at most ${this.#mostBuffers} buffers, as many as the adapter binds`,
        got: String(buffers.length),
        fix: 'Plan smaller models, or dispose of plans that are no longer needed.',
      })
    return {
      buffers,
      at: places.map((place) => ({ ...place!, slot: buffers.indexOf(place!.buffer) })),
      owner: tensors.map(({ data }) => data),
    }
  }

  /** Parts that run one after the other. They are compiled when they first run: a loop may take their place. */
  kernel(parts: readonly KernelParts[]): Kernel {
    for (const { rows } of parts) expectRows(rows.length)
    const { commands } = this
    let dispatches: readonly Dispatch[] | undefined
    return (step) => {
      dispatches ??= parts.map((one) => this.#bind(one))
      for (let i = 0; i < dispatches.length; i++) commands.run(dispatches[i]!, step)
    }
  }

  #bind({ code, rows, bound: { buffers, owner }, workgroups }: KernelParts): Dispatch {
    const pipeline = this.commands.pipelines.of(code, rows.length, buffers.length)
    const table = this.commands.tables.add(rows, owner)
    return { pipeline, table, buffers, workgroups, owner }
  }
}

const expectRows = (count: number): void => {
  if (count <= mostRows) return
  throw new ConfigurationError({
    where: 'webgpu',
    expected: `at most ${mostRows - 1} operands`,
    got: String(count - 1),
    fix: 'Split the formula.',
  })
}
