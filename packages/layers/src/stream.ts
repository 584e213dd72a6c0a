import type { Backend, Scope } from '@recurra/backend'
import { ConfigurationError, option, options, type Tensor, type TensorLike } from '@recurra/tensor'
import type { Frame } from './frame.ts'
import type { Layer } from './layer.ts'
import { planStream, type PlannedStream, type StreamOptions } from './plan-stream.ts'
import type { InitialState } from './state-slots.ts'
import { takeStep } from './take-step.ts'

/**
 * A model run one step at a time. The state is kept between steps; the outputs are those of the whole sequence,
 * exactly.
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
 * A model with a source reads that first, all of it, with `encode`; steps then give what comes after it. The rows of
 * the state can be put into another order (`reorder`), as a beam search does, which keeps the best of all
 * continuations.
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
   * @throws `ConfigurationError` if the model needs the whole sequence, an option is not known, or not a positive
   * integer, or the initial state has a slot that the model does not have.
   * @throws `ShapeError` or `ValueError` if the initial state does not fit, or is not finite; it says where.
   */
  constructor(layer: Layer, given: StreamOptions = {}) {
    const { batch, sourceSteps, initialState } = options('stream', given, {
      batch: option.count(1), sourceSteps: option.count(64), initialState: option.unchecked<InitialState>()(),
    })
    if (!layer.causal)
      throw new ConfigurationError({
        where: 'stream',
        expected: 'layers that read the past alone',
        got: `${layer.type} with a layer that needs the whole sequence`,
        fix: 'Leave out bidirectional and repeat.',
      })
    this.backend = layer.backend
    this.batch = batch
    this.#layer = layer
    this.#scope = layer.backend.scope(() =>
      planStream(layer, { batch, sourceSteps, ...(initialState !== undefined && { initialState }) }))
  }

  /**
   * The memory of one step; `frame.initial` holds the state that the next step starts from.
   * @throws `ConfigurationError` if the stream was disposed of.
   */
  get frame(): Frame {
    return this.#planned.frame
  }

  /**
   * A copy of the state that the next step starts from, as plain values: a list of rows for each slot, [batch, units].
   * Slots have the paths of their layers, as parameters have.
   *
   * ```ts
   * import { lstm, sequential } from 'recurra'
   *
   * const model = sequential(1, [lstm(2)])
   * const stream = model.stream({ initialState: { '0.h': [0.5, -0.5] } })
   * console.log(stream.state) // { '0.h': [[0.5, -0.5]], '0.c': [[0, 0]] }
   *
   * const other = model.stream()
   * other.setState(stream.state) // a session, moved
   * console.log(other.step([1]).data.join() === stream.step([1]).data.join()) // true
   * ```
   * @throws `ConfigurationError` if the stream was disposed of.
   */
  get state(): { [slot: string]: number[][] } {
    return this.#planned.state.read()
  }

  /**
   * The next step starts from this state, such as `state` gave it; slots that are left out become 0.
   * @throws `ConfigurationError` if a slot is not known, or the stream was disposed of; the state is as before then.
   * @throws `ShapeError` if a slot has more values or fewer; the state is as before then.
   * @throws `ValueError` if one is not a finite number; the state is as before then.
   */
  setState(state: InitialState): void {
    this.#planned.state.write(state)
  }

  /**
   * How much the last step looked at each step of the source, one for each layer of attention: [batch, 1, source time].
   */
  get attentionWeights(): readonly Tensor[] {
    return this.frame.weights ?? []
  }

  /**
   * Reads the sources that the next steps belong to, and starts the state from them. One source per row, or one for all
   * rows: tokens, features row by row, or one vector; each as long as it is, up to `sourceSteps`.
   * @throws `ShapeError` if there are not as many sources as rows, or one is empty or too long; nothing has changed
   * then.
   * @throws `ValueError` if one has a number that is not finite, or no token; nothing has changed then.
   * @throws `ConfigurationError` if the model has no source, or the stream was disposed of.
   */
  encode(sources: readonly ArrayLike<number>[]): void {
    const { source } = this.#planned
    if (!source)
      throw new ConfigurationError({
        where: 'encode',
        expected: 'a model with a source',
        got: this.#layer.type,
        fix: 'Build it with encoderDecoder, or only take steps.',
      })
    source.read(sources)
    this.reset()
  }

  /**
   * One step: [features] or [batch, features] (a token, or a list of tokens) in, [batch, features] out, in memory that
   * the next step reuses.
   * @throws `ShapeError` if x has another size; the state is as before then.
   * @throws `ValueError` if a number is not finite, or no token; the state is as before then.
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
   * Row b continues from what row `parents[b]` was, so that a row may be continued twice, or dropped: parents [batch].
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
    throw new ConfigurationError({
      where: 'stream',
      expected: 'a stream in use',
      got: 'one that was disposed of',
      fix: 'Make a new one with model.stream().',
    })
  }
}
