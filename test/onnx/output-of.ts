import { Lengths, wireFor, type Layer } from '@recurra/layers'
import { swapTimeAndBatch, tensorOver, toNested, type Nested } from '@recurra/tensor'

/** How much is run. */
export interface Extent {
  readonly batch: number
  readonly steps: number
  readonly lengths?: readonly number[]
}

/** What a model gives for batch-first numbers, batch-first. */
export const outputOf = (model: Layer, x: readonly number[], { batch, steps, lengths }: Extent, softmax: boolean): number[] => {
  const { backend } = model
  const ragged = lengths && new Lengths(backend, steps, batch)
  ragged?.set(lengths!)
  const wire = wireFor(model, { batch, steps })
  const turned = (values: ArrayLike<number>, first: number, second: number): number[] => {
    const shape = [first, second, values.length / first / second]
    return [toNested(swapTimeAndBatch(tensorOver(Float64Array.from(values), shape)))].flat(3) as Nested[] as number[]
  }
  backend.write(wire.value, model.in.kind === 'vector' ? x : turned(x, batch, steps))
  const frame = model.plan(wire, { batch, steps, mode: 'inference', ...(ragged && { lengths: ragged }) })
  model.forward(frame)
  const y = backend.read(frame.y.value)
  const flat = model.out.kind === 'vector' ? Array.from(y) : turned(y, frame.extent.steps, batch)
  return softmax ? softmaxOf(flat, model.out.size) : flat
}

const softmaxOf = (values: readonly number[], width: number): number[] =>
  values.map((value, i) => {
    const row = values.slice(i - (i % width), i - (i % width) + width)
    return Math.exp(value) / row.reduce((sum, each) => sum + Math.exp(each), 0)
  })
