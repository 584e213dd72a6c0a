import { ConfigurationError, sizeOf } from '@recurra/tensor'
import type { CallShape, Frame } from './frame.ts'
import type { Layer } from './layer.ts'
import { Lengths } from './lengths.ts'
import type { Signal } from './signal.ts'
import type { StreamState } from './stream-state.ts'
import { takeSource, type StagedSource } from './take-source.ts'
import type { Wire } from './variable.ts'
import { sourceFor, wireFor } from './wire.ts'

/** One call of a layer with a source. */
export interface ConditionedFrame extends Frame {
  /** source -> the state that the decoder starts from, and what its layers attend to: the first part of `forward`. */
  readonly encode: () => void
  /** What takes the steps: the second part. */
  readonly decoder: Frame
}

/**
 * A layer that reads all of a source before its first step, as an encoder-decoder does. Its forward pass is `encode`,
 * then that of its decoder; so a stream encodes once, and continues with the decoder step by step.
 */
export interface Conditioned<In extends Signal = Signal, Out extends Signal = Signal> extends Layer<In, Out> {
  readonly source: Signal
  /** What takes the steps. */
  readonly decoder: Layer
  /**
   * Allocates the memory of a call.
   * @throws `ConfigurationError` if the call shape is invalid, or has no source.
   */
  plan(x: Wire, callShape: CallShape): ConditionedFrame
  /** What a stream reads its sources with, of up to `steps` steps each. */
  streamSource(callShape: CallShape, steps: number): StreamSource
}

/** Whether a layer has a source. */
export const isConditioned = (layer: Layer): layer is Conditioned => layer.source !== undefined

/** The source of a stream: takes it in, and lets the encoder read it. */
export class StreamSource {
  /** The memory of the whole model. */
  readonly frame: ConditionedFrame
  readonly #layer: Conditioned
  readonly #staged: StagedSource
  readonly #write: () => void
  /** What was read last. */
  #sources: StreamState['sources']

  constructor(layer: Conditioned, callShape: CallShape, steps: number) {
    const { backend } = layer
    const lengths = layer.source.kind === 'vector' ? undefined : new Lengths(backend, steps, callShape.batch)
    const source = sourceFor(layer, { ...callShape, steps: lengths ? steps : 1, ...(lengths && { lengths }) })!
    const { value } = source.y
    const staged = { values: new Float64Array(sizeOf(value.shape)), lengths: new Int32Array(callShape.batch) }
    this.#layer = layer
    this.#staged = staged
    this.#write = () => {
      backend.write(value, staged.values)
      lengths?.set(staged.lengths)
    }
    this.frame = layer.plan(wireFor(layer, callShape), { ...callShape, source })
  }

  /**
   * Takes sources in.
   * @throws `ShapeError` or `ValueError` as `takeSource`; then nothing has changed.
   * @throws `ConfigurationError` if values are a tensor of a device; then nothing has changed.
   */
  read(sources: readonly ArrayLike<number>[]): void {
    takeSource(sources, this.#layer.source, this.#staged)
    this.#write()
    this.#sources = sources.map((source) => Array.from(source))
  }

  /** What was read last, in the order of the rows; undefined before that. */
  get sources(): StreamState['sources'] {
    return this.#sources
  }

  /** Starts the state from what was read, if anything was. */
  encode(): void {
    if (this.#sources) this.frame.encode()
  }

  /**
   * Reads what another stream has read, or forgets what this one has.
   * @throws `ShapeError` or `ValueError` as `takeSource`; then nothing has changed.
   * @throws `ConfigurationError` if values are a tensor of a device; then nothing has changed.
   */
  restore(sources: StreamState['sources']): void {
    if (sources === undefined) this.#sources = undefined
    else this.read(sources)
    this.encode()
  }

  /** @throws `ConfigurationError` if nothing was read. */
  expectRead(): void {
    if (!this.#sources)
      throw new ConfigurationError({
        where: 'step',
        expected: 'a source that was read',
        got: 'none',
        fix: 'Call encode([source]) first.',
      })
  }
}
