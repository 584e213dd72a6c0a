import { needsSubgroups } from '../wgsl/kernel.ts'

const compute = 4 // GPUShaderStage.COMPUTE

/**
 * The first lines of every kernel. `t` is its operand table: four integers for the sizes, then four for each operand,
 * and `s.x` the step. The memory is read as integers, so that no driver changes the bits of integers; `half` reads
 * one of two float16 numbers in each.
 */
const head = (rows: number, buffers: number): string =>
  [
    `@group(0) @binding(0) var<uniform> t: array<vec4i, ${rows}>;`,
    '@group(0) @binding(1) var<uniform> s: vec4i;',
    ...Array.from({ length: buffers }, (_, i) => [
      `@group(0) @binding(${2 + i}) var<storage, read_write> m${i}: array<u32>;`,
      `fn get${i}(at: i32) -> f32 { return bitcast<f32>(m${i}[at]); }`,
      `fn set${i}(at: i32, value: f32) { m${i}[at] = bitcast<u32>(value); }`,
      `fn half${i}(at: i32) -> f32 { return unpack2x16float(m${i}[at >> 1])[at & 1]; }`,
    ]).flat(),
  ].join('\n')

/** Compiled kernels by their source: those of all layers of one kind are the same. */
export class Pipelines {
  readonly #device: GPUDevice
  readonly #layouts: { readonly group: GPUBindGroupLayout; readonly pipeline: GPUPipelineLayout }[] = []
  readonly #known = new Map<string, GPUComputePipeline>()

  constructor(device: GPUDevice) {
    this.#device = device
  }

  /** The layout of kernels that bind that many buffers: their table, the step, and the buffers. */
  layout(buffers: number): { readonly group: GPUBindGroupLayout; readonly pipeline: GPUPipelineLayout } {
    return (this.#layouts[buffers] ??= this.#layoutOf(buffers))
  }

  /** The kernel whose body is `code`, which reads a table of that many rows. */
  of(code: string, rows: number, buffers: number): GPUComputePipeline {
    const source = `${needsSubgroups(code) ? 'enable subgroups;\n' : ''}${head(rows, buffers)}\n${code}`
    let pipeline = this.#known.get(source)
    if (!pipeline) {
      const module = this.#device.createShaderModule({ code: source })
      pipeline = this.#device.createComputePipeline({
        layout: this.layout(buffers).pipeline, compute: { module, entryPoint: 'main' },
      })
      this.#known.set(source, pipeline)
    }
    return pipeline
  }

  #layoutOf(buffers: number): { readonly group: GPUBindGroupLayout; readonly pipeline: GPUPipelineLayout } {
    const uniform = { type: 'uniform', hasDynamicOffset: true } as const
    const group = this.#device.createBindGroupLayout({
      entries: Array.from({ length: 2 + buffers }, (_, binding) => ({
        binding, visibility: compute, buffer: binding < 2 ? uniform : ({ type: 'storage' } as const),
      })),
    })
    return { group, pipeline: this.#device.createPipelineLayout({ bindGroupLayouts: [group] }) }
  }
}
