import type { Pipelines } from './pipelines.ts'
import type { Table, Tables } from './tables.ts'

/** One run of a kernel, but for the step. */
export interface Dispatch {
  readonly pipeline: GPUComputePipeline
  readonly table: Table
  /** The numbers of the buffers that it binds, as `m0`, `m1`, … */
  readonly buffers: readonly number[]
  readonly workgroups: readonly [x: number, y: number, z: number]
  /** Its table is free when this is garbage. */
  readonly owner: object
  /** What it binds, once it has run. */
  group?: { readonly made: GPUBindGroup; readonly steps: GPUBuffer }
}

const [perStep, fewest] = [256, 64] // bytes, as every device allows; and steps
const usage = 0x40 | 0x8 // UNIFORM, COPY_DST

/** What kernels bind: their table and the number of the step by an offset, and the buffers of their operands. */
export class Bindings {
  readonly #device: GPUDevice
  readonly #tables: Tables
  readonly #pipelines: Pipelines
  readonly #bufferOf: (number: number) => GPUBuffer
  readonly #groups = new Map<string, GPUBindGroup>()
  #steps: GPUBuffer | undefined
  #count = 0

  constructor(
    device: GPUDevice, tables: Tables, pipelines: Pipelines, bufferOf: (number: number) => GPUBuffer,
  ) {
    this.#device = device
    this.#tables = tables
    this.#pipelines = pipelines
    this.#bufferOf = bufferOf
  }

  /** Where the number of a step lies, in bytes. */
  offsetOf(step: number): number {
    return perStep * step
  }

  /** Makes room for steps up to `last`, before `of`: a buffer with the number of each, and of as many more. */
  reach(last: number): void {
    if (last < this.#count) return
    this.#count = Math.max(fewest, 2 * (last + 1))
    const words = new Int32Array((this.#count * perStep) / 4)
    for (let step = 0; step < this.#count; step++) words[(step * perStep) / 4] = step
    this.#steps = this.#device.createBuffer({ size: words.byteLength, usage })
    this.#device.queue.writeBuffer(this.#steps, 0, words)
    this.#groups.clear()
  }

  /** What a kernel binds. */
  of(dispatch: Dispatch): GPUBindGroup {
    const steps = this.#steps!
    if (dispatch.group?.steps !== steps) dispatch.group = { made: this.#shared(dispatch), steps }
    return dispatch.group.made
  }

  /** Kernels of one page and the same buffers bind the same; their tables differ by an offset. */
  #shared({ table, buffers }: Dispatch): GPUBindGroup {
    const key = `${table.page}:${buffers.join()}`
    let group = this.#groups.get(key)
    if (!group) {
      const resources = [
        this.#tables.page(table.page),
        { buffer: this.#steps!, size: 16 },
        ...buffers.map((buffer) => ({ buffer: this.#bufferOf(buffer) })),
      ]
      group = this.#device.createBindGroup({
        layout: this.#pipelines.layout(buffers.length).group,
        entries: resources.map((resource, binding) => ({ binding, resource })),
      })
      this.#groups.set(key, group)
    }
    return group
  }
}
