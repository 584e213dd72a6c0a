import type { Backend, Scope } from '@recurra/backend'
import { ConfigurationError, type Tensor, type TensorLike } from '@recurra/tensor'
import type { Frame } from './frame.ts'
import type { Layer } from './layer.ts'
import { planStream, type PlannedStream, type StreamOptions } from './plan-stream.ts'
import type { InitialState } from './state-slots.ts'
import { describeLayers, expectStateOf, type StreamState } from './stream-state.ts'
import { takeStep } from './take-step.ts'

/**
 * A model run one step at a time. The state is kept between steps; the outputs equal those of the whole sequence.
 *
 * ```ts
 * import { rnn, sequential } from 'recurra'
 *
 * const rnn1 = sequential(2, [rnn(3)]).stream()
 * const rnn2 = sequential(3, [rnn(3)]).stream()
 * const y1 = rnn1.step([1, 0])
 * const y = rnn2.step(y1) // going deep
 * console.log(y.shape) // [1, 3]
 * ```
 *
 * A model with a source reads all of it first, with `encode`; steps then give what comes after it.
 */
export class Stream implements Disposable {
  /** Where it runs. */
  readonly backend: Backend
  /** How many sequences run side by side. */
  readonly batch: number
  readonly #layer: Layer
  readonly #scope: Scope<PlannedStream>
  #disposed = false

  /**
   * @throws `ConfigurationError` if the model needs the whole sequence, an option is invalid, or a slot is not known.
   * @throws `ShapeError` or `ValueError` if the initial state does not fit, or is not finite; it says where.
   */
  constructor(layer: Layer, given?: StreamOptions) {
    this.backend = layer.backend
    this.#layer = layer
    this.#scope = layer.backend.scope(() => planStream(layer, given))
    this.batch = this.#scope.value.batch
  }

  /**
   * The memory of one step; `frame.initial` holds the state that the next step starts from.
   * @throws `ConfigurationError` if the stream was disposed of.
   */
  get frame(): Frame {
    return this.#planned.frame
  }

  /**
   * A copy of the state that the next step starts from: a list of rows for each slot, [batch, units]. Slots have the
   * paths of their layers, as parameters have: `0.h`.
   * @throws `ConfigurationError` if the stream was disposed of.
   */
  get state(): { [slot: string]: number[][] } {
    return this.#planned.state.read()
  }

  /**
   * The next step starts from these values, [batch, units] for each slot; slots that are left out become 0.
   * @throws `ConfigurationError` if a slot is not known, or the stream was disposed of; the state is as before then.
   * @throws `ShapeError` if a slot has more values or fewer; the state is as before then.
   * @throws `ValueError` if one is not a finite number; the state is as before then.
   */
  setState(state: InitialState): void {
    this.#planned.state.write(state)
  }

  /**
   * A copy of all that the next step depends on besides the parameters, as plain data, for `restore`.
   *
   * ```ts
   * import { lstm, sequential } from 'recurra'
   *
   * const model = sequential(1, [lstm(2)])
   * const [stream, later] = [model.stream(), model.stream()]
   * stream.step([0.5])
   * later.restore(JSON.parse(JSON.stringify(stream.save())))
   * console.log(later.step([1]).data.join() === stream.step([1]).data.join()) // true
   * ```
   * @throws `ValueError` if a value of the state is not finite.
   * @throws `ConfigurationError` if the stream was disposed of.
   */
  save(): StreamState {
    const { state, source } = this.#planned
    const sources = source?.sources && { sources: source.sources }
    return { model: describeLayers(this.#layer), batch: this.batch, slots: state.save(), ...sources }
  }

  /**
   * The next step starts from what `save` gave for a stream of these layers and this batch. Whether the parameters are
   * the same is not checked. If it throws, the state is as before.
   * @throws `ConfigurationError` if it is of other layers, or of float64 on a float32 backend, or the stream was
   * disposed of.
   * @throws `ShapeError` if it has another batch, or a slot or a source has another shape.
   * @throws `ValueError` if a value is not a finite number.
   */
  restore(saved: StreamState): void {
    const { state, source } = this.#planned
    expectStateOf(saved, this.#layer, this.batch)
    const writeSlots = state.restoring(saved.slots)
    source?.restore(saved.sources)
    writeSlots() // over what the source has put there
  }

  /** How much the last step looked at each step of the source, by layer of attention: [batch, 1, source time]. */
  get attentionWeights(): readonly Tensor[] {
    return this.frame.attentionWeights ?? []
  }

  /**
   * Reads the sources that the next steps belong to, and starts the state from them. One source per row, or one for all
   * rows: tokens, features row by row, or one vector, up to `sourceSteps` long. If it throws, nothing has changed.
   * @throws `ShapeError` if there are not as many sources as rows, or one is empty or too long.
   * @throws `ValueError` if one has a number that is not finite, or no token.
   * @throws `ConfigurationError` if the model has no source, or the stream was disposed of.
   */
  encode(sources: readonly ArrayLike<number>[]): void {
    const { source } = this.#planned
    if (!source) {
      const [got, fix] = [this.#layer.type, 'Build it with encoderDecoder, or only take steps.']
      throw new ConfigurationError({ where: 'encode', expected: 'a model with a source', got, fix })
    }
    source.read(sources)
    this.reset()
  }

  /**
   * One step: [features] or [batch, features] (a token, or a list of tokens) in, [batch, features] out, in memory that
   * the next step reuses. If it throws, the state is as before.
   * @throws `ShapeError` if x has another size.
   * @throws `ValueError` if a number is not finite, or no token.
   * @throws `ConfigurationError` if the model has a source that was not read, or the stream was disposed of.
   */
  step(x: TensorLike): Tensor {
    const { frame, source, x: staged, carry, y } = this.#planned
    source?.expectRead()
    takeStep(x, this.#layer.in, frame.x.value.shape, staged)
    this.backend.write(frame.x.value, staged)
    frame.forward()
    carry(0)
    return y
  }

  /**
   * Row b continues from what row `parents[b]` was, as in a beam search: parents [batch]. A row may be continued twice.
   * Only the state moves; where there is a source, a row may only continue one of the same source.
   * @throws `ShapeError` if there are not as many parents as rows; the state is as before then.
   * @throws `ValueError` if a parent is no row; the state is as before then.
   * @throws `ConfigurationError` if the stream was disposed of.
   */
  reorder(parents: ArrayLike<number>): void {
    this.#planned.reorder(parents)
  }

  /**
   * Forgets the steps taken: the state is the initial one again (zero, if none was given), or what the source made it.
   * @throws `ConfigurationError` if the stream was disposed of.
   */
  reset(): void {
    const { state, source } = this.#planned
    state.reset()
    source?.encode()
  }

  /** Gives the memory back; the stream cannot be used any more. */
  [Symbol.dispose](): void {
    this.#disposed = true
    this.#scope[Symbol.dispose]()
  }

  get #planned(): PlannedStream {
    if (!this.#disposed) return this.#scope.value
    const [where, fix] = ['stream', 'Make a new one with model.stream().']
    throw new ConfigurationError({ where, expected: 'a stream in use', got: 'one that was disposed of', fix })
  }
}
