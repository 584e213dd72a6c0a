import { after, expectAtOnce, type Backend, type Scope } from '@recurra/backend'
import { ConfigurationError, type Tensor, type TensorLike } from '@recurra/tensor'
import type { Frame } from './frame.ts'
import type { Layer } from './layer.ts'
import { planStream, type PlannedStream, type StreamOptions } from './plan-stream.ts'
import type { InitialState, SlotValues } from './state-slots.ts'
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
 * @throws `ConfigurationError` from every member, once it was disposed of.
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

  /** The memory of one step; `frame.initial` holds the state that the next step starts from. */
  get frame(): Frame {
    return this.#planned.frame
  }

  /**
   * A copy of the state that the next step starts from, by the path of its layer: a list of rows for `0.h`, [batch, …].
   * @throws `ConfigurationError` if the backend answers later.
   */
  get state(): SlotValues {
    expectAtOnce(this.backend, '`stateAsync` of the stream')
    return this.stateAsync() as SlotValues
  }

  /** As `state`, on any backend: a promise where it answers later. */
  stateAsync(): SlotValues | Promise<SlotValues> {
    return this.#planned.state.read()
  }

  /**
   * The next step starts from these values; slots that are left out become 0. If it throws, the state is as before.
   * @throws `ConfigurationError`, `ShapeError` or `ValueError` if a slot is not known, does not fit, or is not finite.
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
   * @throws `ValueError` if a value is not finite; `ConfigurationError` if the backend answers later.
   */
  save(): StreamState {
    expectAtOnce(this.backend, '`saveAsync` of the stream')
    return this.saveAsync() as StreamState
  }

  /**
   * As `save`, on any backend: a promise where it answers later.
   * @throws `ValueError` if a value is not finite.
   */
  saveAsync(): StreamState | Promise<StreamState> {
    const { state, source } = this.#planned
    const [model, sources] = [describeLayers(this.#layer), source?.sources && { sources: source.sources }]
    return after(state.save(), (slots) => ({ model, batch: this.batch, slots, ...sources }))
  }

  /**
   * The next step starts from what `save` gave for a stream of these layers and this batch. Whether the parameters are
   * the same is not checked. If it throws, the state is as before.
   * @throws `ConfigurationError`, `ShapeError` or `ValueError` if it is of another model or batch, or not finite.
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
   * @throws `ShapeError` or `ValueError` if they are not as many as rows, or one cannot be used; it says where.
   * @throws `ConfigurationError` if the model has no source.
   */
  encode(sources: readonly ArrayLike<number>[]): void {
    const { source } = this.#planned
    if (!source) throw fault('encode', 'a model with a source', this.#layer.type, 'Build it with encoderDecoder.')
    source.read(sources)
    this.reset()
  }

  /**
   * One step: [features] or [batch, features] (a token, or a list of tokens) in, [batch, features] out, in memory that
   * the next step reuses: copy it out with `backend.read` or `await backend.readAsync`. On an error nothing changed.
   * @throws `ShapeError` or `ValueError` if x has another size, or a number that is not finite, or no token.
   * @throws `ConfigurationError` if the model has a source that was not read.
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
   * Only the state moves: a row may only continue one of the same source. On an error nothing has moved.
   * @throws `ShapeError` or `ValueError` if there are not as many parents as rows, or one is no row.
   */
  reorder(parents: ArrayLike<number>): void {
    this.#planned.reorder(parents)
  }

  /**
   * Forgets the steps taken: the state is the initial one again (zero, if none was given), or what the source made it.
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
    throw fault('stream', 'a stream in use', 'one that was disposed of', 'Make a new one with model.stream().')
  }
}

const fault = (where: string, expected: string, got: string, fix: string): ConfigurationError =>
  new ConfigurationError({ where, expected, got, fix })
