import { expectAtOnce } from '@recurra/backend'
import {
  Lengths, namedVariables, requiresGradient, wireFor, type CallShape, type Frame, type Layer, type Signal, type Source,
  type Variable, type Wire,
} from '@recurra/layers/authoring'
import { Random, reshape, sizeOf, type Floats, type Tensor } from '@recurra/tensor'
import { sourceOf, stepsOf, type Sample } from './sample.ts'
import { rowsOf, sideBySide } from './side-by-side.ts'

/** Numbers by name: `y`, `final.h`, `dx`, `d.initial.h`, `d.weight`. */
export type Results = { readonly [name: string]: readonly number[] }

/** Options of a trial. */
export interface TrialOptions {
  /** The number of steps, at least the length of the longest sample: the rest is padding. Default: that length. */
  readonly steps?: number
  /** Default: 'training'. */
  readonly mode?: CallShape['mode']
  /**
   * The generator that the layer draws from; it is reset before each forward pass, so that dropout draws the same mask.
   * Default: the layer's own generator.
   */
  readonly random?: Random | undefined
}

/** A layer planned for a batch of samples. Padding holds NaN, in x and in the gradient of y. */
export class Trial {
  /** The layer under test. */
  readonly layer: Layer
  /** Its frame. */
  readonly frame: Frame
  /** Its source, if it has one. */
  readonly source: Source | undefined
  #samples: readonly Sample[]
  #fetched = new Map<Tensor, Floats>()
  #judged: readonly (readonly [Tensor, Float64Array])[] = [] // the outputs, with their gradients
  readonly #random: Random | undefined
  readonly #lengths: Lengths | undefined

  constructor(
    layer: Layer,
    samples: readonly Sample[],
    { steps = Math.max(...samples.map(({ length }) => length)), mode = 'training', random }: TrialOptions = {},
  ) {
    const size = { steps, batch: samples.length }
    const padded = layer.in.kind !== 'vector' && samples.some(({ length }) => length !== steps)
    this.layer = layer
    this.#samples = samples
    this.#random = random
    this.#lengths = padded ? new Lengths(layer.backend, steps, samples.length) : undefined
    this.source = sourceOf(layer, samples, padded, mode)
    this.frame = layer.plan(wireFor(layer, size, mode === 'training'), {
      ...size,
      mode,
      ...(this.#lengths && { lengths: this.#lengths }),
      ...(this.source && { source: this.source }),
    })
    this.write(samples)
  }

  /** Writes other samples into the same memory. */
  write(samples: readonly Sample[]): void {
    const { layer, source, frame: { x, y, initial, final } } = this
    const write = (
      to: Wire['value'],
      sequences: readonly (readonly number[])[],
      width = to.shape.at(-1)!,
      padding?: number,
    ): Float64Array => {
      const values = sideBySide(sequences, sizeOf(to.shape), width, padding)
      layer.backend.write(to, values)
      return values
    }
    const slots = (state: Frame['initial']): Variable[] => namedVariables(state).map(([, slot]) => slot)
    this.#samples = samples
    this.#lengths?.set(samples.map(({ length }) => length))
    const read = (to: Wire['value'], signal: Signal, sequences: readonly (readonly number[])[]): void =>
      void (signal.kind === 'tokens' ? write(to, sequences, 1, 0) : write(to, sequences))
    read(x.value, layer.in, samples.map((sample) => sample.x))
    if (source)
      read(source.y.value, layer.source!, samples.map((sample) => sample.source))
    source?.callShape.lengths?.set(samples.map((sample) => stepsOf(sample.source, layer.source!)))
    slots(initial).forEach(({ value }, i) => write(rowOfEach(value), samples.map((sample) => sample.initial[i]!)))
    if (this.frame.callShape.mode === 'inference') return
    this.#judged = [
      [y.value, write(y.grad, samples.map(({ dy }) => dy))],
      ...slots(final).map(({ value, grad }, i): [Tensor, Float64Array] => [
        value,
        write(rowOfEach(grad), samples.map(({ dFinal }) => dFinal[i]!)),
      ]),
    ]
  }

  /** Writes other gradients of the final state. */
  receive(dFinal: Sample['dFinal']): void {
    namedVariables(this.frame.final).forEach(([, { grad }], slot) => this.layer.backend.write(grad, dFinal[slot]!))
  }

  /** Runs the layer over the samples. */
  forward(): void {
    if (this.#random) this.#random.state = sameDraws
    this.frame.forward()
  }

  /** Sets the gradients of the parameters to zero. */
  backward(): void {
    for (const [, { grad }] of namedVariables(this.layer.params))
      this.layer.backend.write(grad, new Float64Array(sizeOf(grad.shape)))
    this.frame.backward()
  }

  /** Runs the forward and the backward pass. */
  run(): this {
    this.forward()
    this.backward()
    return this
  }

  /**
   * Reads everything that `sample`, `parameters` and `loss` look at. On a backend that answers later, await this before
   * you call them; elsewhere they read by themselves.
   */
  async fetch(): Promise<this> {
    const { frame, source, layer: { backend, params } } = this
    const variables = [frame.initial, frame.final, params].flatMap((all) => namedVariables(all).map(([, one]) => one))
    const tensors = [
      frame.y.value, frame.x.grad, ...(source ? [source.y.grad] : []),
      ...variables.flatMap(({ value, grad }) => [value, grad]),
    ]
    if (!backend.answersLater) return this
    const values = await Promise.all(tensors.map((tensor) => backend.readAsync(tensor)))
    this.#fetched = new Map(tensors.map((tensor, i) => [tensor, values[i]!]))
    return this
  }

  #read(tensor: Tensor): Floats {
    const { backend } = this.layer
    const fetched = this.#fetched.get(tensor)
    if (!fetched) expectAtOnce(backend, '`fetch` of the trial')
    return fetched ?? backend.read(tensor)
  }

  /** The results of one sample, without padding. */
  sample(b: number): Results {
    const { frame, source: read, layer: { in: { kind } } } = this
    const { x, dy, source } = this.#samples[b]!
    const part = (tensor: Tensor, count: number, shape = tensor.shape): number[] =>
      rowsOf(this.#read(tensor), shape, b).slice(0, count)
    const slots = (state: Frame['initial'], field: 'value' | 'grad', prefix: string): [string, number[]][] =>
      namedVariables(state).map(([name, slot]) => [
        prefix + name, part(slot[field], Infinity, rowOfEach(slot[field]).shape),
      ])
    const forward = { y: part(frame.y.value, dy.length), ...Object.fromEntries(slots(frame.final, 'value', 'final.')) }
    if (frame.callShape.mode === 'inference') return forward
    const dx = kind === 'tokens' ? {} : { dx: part(frame.x.grad, x.length) }
    const dSource = read && requiresGradient(read.y) ? { dSource: part(read.y.grad, source.length) } : {}
    return { ...forward, ...dx, ...dSource, ...Object.fromEntries(slots(frame.initial, 'grad', 'd.initial.')) }
  }

  /** The gradients of the parameters. */
  parameters(): Results {
    const all = namedVariables(this.layer.params)
    return Object.fromEntries(all.map(([name, { grad }]) => [`d.${name}`, Array.from(this.#read(grad))]))
  }

  /** sum(y · dy) + sum(final · dFinal): the number whose gradients `backward` computes. */
  loss(): number {
    let sum = 0
    for (const [value, grad] of this.#judged)
      this.#read(value).forEach((number, i) => { if (!Number.isNaN(grad[i])) sum += number * grad[i]! })
    return sum
  }
}

/** A slot of any shape as one row for each sequence: [batch, …] -> [batch, values]. */
const rowOfEach = (slot: Tensor): Tensor => reshape(slot, [slot.shape[0]!, sizeOf(slot.shape.slice(1))])

/** The state of the generator before every forward pass. */
const sameDraws = new Random(1).state
