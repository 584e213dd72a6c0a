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
  /** source -> the initial state of the decoder, and the source of its layers: the first part of `forward`. */
  readonly encode: () => void
  /** The call of the decoder: the second part. */
  readonly decoder: Frame
}

/**
 * A layer that reads a whole source before its first step, such as an encoder-decoder. Its forward pass is `encode` and
 * then the forward pass of its decoder, so a stream encodes once and then steps the decoder.
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
  /** Plans the reading of a stream's sources, with up to `steps` steps each. */
  streamSource(callShape: CallShape, steps: number): StreamSource
}

/** Whether a layer has a source. */
export const isConditioned = (layer: Layer): layer is Conditioned => layer.source !== undefined

/** The source of a stream, and the encoder that reads it. */
export class StreamSource {
  /** The memory of the whole model. */
  readonly frame: ConditionedFrame
  readonly #layer: Conditioned
  readonly #staged: StagedSource
  readonly #write: () => void
  /** The sources that were read last. */
  #sources: StreamState['sources']

  constructor(layer: Conditioned, callShape: CallShape, steps: number) {
    const { backend } = layer
    const lengths = layer.source.kind === 'vector' ? undefined : new Lengths(backend, steps, callShape.batch)
    const { batch, mode } = callShape
    const source = sourceFor(layer, { steps: lengths ? steps : 1, batch, mode, ...(lengths && { lengths }) })!
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
   * Reads sources.
   * @throws `ShapeError` or `ValueError` as `takeSource`; then nothing has changed.
   * @throws `ConfigurationError` if values are a tensor of a device; then nothing has changed.
   */
  read(sources: readonly ArrayLike<number>[]): void {
    takeSource(sources, this.#layer.source, this.#layer.backend.dtype, this.#staged)
    this.#write()
    this.#sources = sources.map((source) => Array.from(source))
  }

  /** The sources that were read last, in the order of the rows; undefined before the first. */
  get sources(): StreamState['sources'] {
    return this.#sources
  }

  /** Computes the initial state from the sources, if any were read. */
  encode(): void {
    if (this.#sources) this.frame.encode()
  }

  /**
   * Reads the sources of another stream, or clears those of this one.
   * @throws `ShapeError` or `ValueError` as `takeSource`; then nothing has changed.
   * @throws `ConfigurationError` if values are a tensor of a device; then nothing has changed.
   */
  restore(sources: StreamState['sources']): void {
    if (sources === undefined) this.#sources = undefined
    else this.read(sources)
    this.encode()
  }

  /** @throws `ConfigurationError` if no source was read. */
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
