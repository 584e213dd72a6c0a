import { expectAtOnce, type Backend, type Scope } from '@recurra/backend'
import { ConfigurationError, type Tensor, type TensorLike } from '@recurra/tensor'
import type { Frame } from './frame.ts'
import type { Layer } from './layer.ts'
import type { InitialState, SlotValues } from './state-slots.ts'
import { stepFor } from './step-for.ts'
import type { Step } from './step.ts'
import type { StreamOptions } from './stream-options.ts'
import type { StreamState } from './stream-state.ts'
import { answersAlways, stridedError } from './stride.ts'

/**
 * Runs a model one step at a time and keeps its state between steps. The outputs equal those of the whole sequence.
 *
 * ```ts
 * import { rnn, sequential } from 'recurra'
 *
 * const rnn1 = sequential(2, [rnn(3)]).stream()
 * const rnn2 = sequential(3, [rnn(3)]).stream()
 * const y = rnn2.step(rnn1.step([1, 0])) // going deep
 * console.log(y.shape) // [1, 3]
 * ```
 * A model with a source reads it first, with `encode`; then each step decodes.
 * @throws `ConfigurationError` from every member after disposal.
 */
export class Stream implements Disposable {
  /** The backend that it runs on. */
  readonly backend: Backend
  /** The number of sequences. */
  readonly batch: number
  #scope: Scope<Step> | undefined
  #steps = 0

  /**
   * @throws `ConfigurationError` if the model needs the whole sequence, an option is invalid, or a slot is unknown.
   * @throws `ShapeError` or `ValueError` if the initial state does not fit, or has a value that is not finite.
   */
  constructor(layer: Layer, given?: StreamOptions) {
    this.backend = layer.backend
    this.#scope = stepFor(layer, given)
    this.batch = this.#step.plan.batch
  }

  /**
   * The frame of one step: `initial` holds the state before the next step, `y` the last output. Everything else, such
   * as the gates in its `parts`, belongs to the last step of any stream with the same model and batch.
   */
  get frame(): Frame {
    return this.#step.frame
  }

  /**
   * A copy of the current state, by the path of its layer: for `0.h` a list of rows, [batch, …].
   * @throws `ConfigurationError` if the backend is asynchronous.
   */
  get state(): SlotValues {
    expectAtOnce(this.backend, '`stateAsync` of the stream')
    return this.stateAsync() as SlotValues
  }

  /** Like `state`, for any backend: a promise if the backend is asynchronous. */
  stateAsync(): SlotValues | Promise<SlotValues> {
    return this.#step.state.read()
  }

  /**
   * Sets the current state; omitted slots become 0. If it throws, the state is unchanged.
   * @throws `ConfigurationError` if a slot is unknown or the model has a stride.
   * @throws `ShapeError` or `ValueError` if a slot does not fit, or is not finite.
   */
  setState(state: InitialState): void {
    const got = 'one with a stride, whose next output depends on the steps taken, too'
    if (!answersAlways(this.#step.plan.layer.stride)) throw stridedError('setState', 'Call save and restore.', got)
    this.#step.state.write(state)
  }

  /**
   * A copy of everything that the next step depends on, apart from the parameters, as plain data for `restore`.
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
   * @throws `ValueError` if a value is not finite; `ConfigurationError` if the backend is asynchronous.
   */
  save(): StreamState {
    expectAtOnce(this.backend, '`saveAsync` of the stream')
    return this.saveAsync() as StreamState
  }

  /**
   * As `save`, for any backend: a promise if it is asynchronous.
   * @throws `ValueError` if a value is not finite.
   */
  saveAsync(): StreamState | Promise<StreamState> {
    return this.#step.state.save(this.#steps)
  }

  /**
   * Restores what `save` returned for a stream with the same layers and batch; parameters are not compared. If it
   * throws, the state is unchanged.
   * @throws `ConfigurationError`, `ShapeError` or `ValueError` if it is of another model or batch, or is not finite.
   */
  restore(saved: StreamState): void {
    this.#steps = this.#step.state.restore(saved)
  }

  /** The attention weights of the last step, for each attention layer: [batch, 1, source time]. */
  get attentionWeights(): readonly Tensor[] {
    return this.frame.attentionWeights ?? []
  }

  /**
   * Reads the sources for the next steps, and computes the initial state. Pass one source per row, or one for all rows:
   * tokens, features row by row, or one vector, with at most `sourceSteps` steps. If it throws, nothing has changed.
   * @throws `ShapeError` or `ValueError` if their number is not the number of rows, or one is invalid.
   * @throws `ConfigurationError` if the model has no source.
   */
  encode(sources: readonly ArrayLike<number>[]): void {
    this.#step.read(sources)
    this.reset()
  }

  /**
   * Runs one step: [features] or [batch, features] (a token, or a list of tokens) -> [batch, features]. The next step
   * reuses the memory of the output: copy it with `backend.read` or `readAsync`. If it throws, nothing has changed.
   * @throws `ShapeError` or `ValueError` if x has the wrong size, or a value that is not finite or not a token.
   * @throws `ConfigurationError` if the model has a stride, or a source and `encode` has not been called.
   */
  step(x: TensorLike): Tensor {
    if (this.#step.plan.layer.stride) throw stridedError('step', 'Call push.')
    return this.push(x)!
  }

  /**
   * Runs one step of any model: undefined if a strided layer has no output now, and those behind it keep their state;
   * [batch, steps, features] if a layer gives several steps at once, as `upSample` does.
   * @throws `ShapeError`, `ValueError` or `ConfigurationError` as `step`.
   */
  push(x: TensorLike): Tensor | undefined {
    const y = this.#step.take(x, this.#steps)
    this.#steps++
    return y
  }

  /**
   * Replaces the state of row b by that of row `parents[b]`, as beam search does: parents [batch]. Several rows may
   * continue one parent, but its source must be theirs: only the state moves. If it throws, nothing has.
   * @throws `ShapeError` or `ValueError` if the number of parents is not the number of rows, or one is not a row.
   */
  reorder(parents: ArrayLike<number>): void {
    this.#step.reorder(parents)
  }

  /** Restores the initial state: zeros, the `initialState` option, or the state that the source produced. */
  reset(): void {
    this.#step.reset()
    this.#steps = 0
  }

  /** Frees the memory; the stream cannot be used afterwards. */
  [Symbol.dispose](): void {
    this.#scope?.[Symbol.dispose]()
    this.#scope = undefined
  }

  get #step(): Step {
    if (this.#scope) return this.#scope.value
    const fix = 'Make a new one with model.stream().'
    throw new ConfigurationError({ where: 'stream', expected: 'a stream in use', got: 'one that was disposed of', fix })
  }
}
