import { leaves, Lengths, wireFor, type Extent, type Frame, type Layer, type Variable, type Wire } from '@recurra/layers'
import { sizeOf, type Random, type Tensor } from '@recurra/tensor'
import type { Sample } from './sample.ts'

/** Numbers by name: `y`, `final.h`, `dx`, `d.initial.h`, `d.weight`. */
export type Results = { readonly [name: string]: readonly number[] }

export interface TrialOptions {
  /** More than the longest sample takes: the rest is padding. */
  readonly steps?: number
  readonly mode?: Extent['mode']
  /** The generator that the layer draws from; it is put back before each forward pass, so that dropout drops the same. */
  readonly random?: Random | undefined
}

/** A layer with memory for some samples side by side. Padding holds NaN, in x and in the gradient of y. */
export class Trial {
  readonly layer: Layer
  readonly frame: Frame
  #samples: readonly Sample[]
  readonly #random: Random | undefined
  readonly #start: readonly number[] | undefined

  constructor(layer: Layer, samples: readonly Sample[], { steps = longest(samples), mode = 'training', random }: TrialOptions = {}) {
    const size = { steps, batch: samples.length }
    const padded = layer.in.kind !== 'vector' && samples.some(({ length }) => length !== steps)
    this.layer = layer
    this.#samples = samples
    this.#random = random
    this.#start = random?.state
    const extent = { ...size, mode, ...(padded && { lengths: new Lengths(layer.backend, steps, samples.length) }) }
    this.frame = layer.plan(wireFor(layer, size, mode === 'training'), extent)
    this.write(samples)
  }

  /** Other samples into the same memory. */
  write(samples: readonly Sample[]): void {
    const { layer: { in: { kind, size }, backend }, frame: { x, y, initial, final, extent } } = this
    this.#samples = samples
    extent.lengths?.set(samples.map(({ length }) => length))
    const width = kind === 'tokens' ? 1 : size
    fill(backend, x.value, samples.map((sample) => sample.x), width, kind === 'tokens' ? 0 : Number.NaN)
    leaves(initial).forEach(([, slot], i) => fill(backend, slot.value, samples.map((sample) => sample.initial[i]!)))
    if (sizeOf(y.grad.shape) === 0) return
    fill(backend, y.grad, samples.map(({ dy }) => dy))
    leaves(final).forEach(([, slot], i) => fill(backend, slot.grad, samples.map((sample) => sample.dFinal[i]!)))
  }

  /** Other gradients of the final state. */
  receive(dFinal: Sample['dFinal']): void {
    leaves(this.frame.final).forEach(([, { grad }], slot) => this.layer.backend.write(grad, dFinal[slot]!))
  }

  forward(): void {
    if (this.#random && this.#start) this.#random.state = this.#start
    this.layer.forward(this.frame)
  }

  /** The gradients of the parameters start from zero. */
  backward(): void {
    for (const [, { grad }] of leaves(this.layer.params)) this.layer.backend.write(grad, new Float64Array(sizeOf(grad.shape)))
    this.layer.backward(this.frame)
  }

  run(): this {
    this.forward()
    this.backward()
    return this
  }

  /** What came of one sample, without padding. */
  sample(b: number): Results {
    const { frame, layer: { backend, in: { kind } } } = this
    const { x, dy } = this.#samples[b]!
    const part = (tensor: Tensor, count: number): number[] => rowsOf(Array.from(backend.read(tensor)), tensor.shape, b).slice(0, count)
    const slots = (state: Frame['initial'], field: keyof Variable, prefix: string): [string, number[]][] =>
      leaves(state).map(([name, slot]) => [prefix + name, part(slot[field], Number.POSITIVE_INFINITY)])
    const forward = { y: part(frame.y.value, dy.length), ...Object.fromEntries(slots(frame.final, 'value', 'final.')) }
    if (frame.extent.mode === 'inference') return forward
    const dx = kind === 'tokens' ? {} : { dx: part(frame.x.grad, x.length) }
    return { ...forward, ...dx, ...Object.fromEntries(slots(frame.initial, 'grad', 'd.initial.')) }
  }

  /** The gradients of the parameters. */
  parameters(): Results {
    const { backend, params } = this.layer
    return Object.fromEntries(leaves(params).map(([name, { grad }]) => [`d.${name}`, Array.from(backend.read(grad))]))
  }

  /** sum(y · dy) + sum(final · dFinal): the number whose gradients `backward` works out. */
  loss(): number {
    let sum = 0
    this.#samples.forEach(({ dy, dFinal }, b) => {
      const { y, ...final } = this.sample(b)
      const slots = Object.keys(final).filter((name) => name.startsWith('final.'))
      sum += dot(y!, dy) + slots.reduce((more, name, i) => more + dot(final[name]!, dFinal[i]!), 0)
    })
    return sum
  }
}

const longest = (samples: readonly Sample[]): number => Math.max(...samples.map(({ length }) => length))

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0)

/** Where the rows of one sequence lie in a tensor [time, batch, features], [time, batch] or [batch, features]. */
const rowsOf = (values: readonly number[], shape: readonly number[], b: number): number[] => {
  const [steps, batch, width] = shape.length === 3 ? (shape as [number, number, number]) : [1, shape[0]!, shape[1]!]
  return Array.from({ length: steps }, (_, t) => values.slice((t * batch + b) * width, (t * batch + b + 1) * width)).flat()
}

/** Lays sequences side by side, time-major; what none of them covers becomes `padding`. */
const fill = (backend: Layer['backend'], to: Wire['value'], sequences: readonly (readonly number[])[], width = to.shape.at(-1)!, padding = Number.NaN): void => {
  const steps = sizeOf(to.shape) / (sequences.length * width)
  const rows = Array.from({ length: steps }, (_, t) => sequences.map((values) => Array.from({ length: width }, (_, c) => values[t * width + c] ?? padding)))
  backend.write(to, rows.flat(2))
}
