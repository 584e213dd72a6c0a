import { option, options, type AbortSignalLike, type Floats, type TensorLike } from '@recurra/tensor'
import type { StreamState } from '../stream-state.ts'
import { stridedError } from '../stride.ts'
import type { Member } from './member.ts'
import type { SessionState } from './session-state.ts'
import type { SessionSteps } from './session-steps.ts'

/** Options of a step of a session. */
export interface SessionStepOptions {
  /** Drops the step if it is aborted before the step begins. Default: the step cannot be dropped. */
  readonly signal?: AbortSignalLike
}

/**
 * One sequence of many that share the steps of a model: a user, a sensor. A session executes its calls in order, so
 * `save` right after `step` returns the state after that step.
 *
 * ```ts
 * import { lstm, sequential } from 'recurra'
 *
 * const model = sequential(1, [lstm(2)])
 * const sessions = await model.sessions()
 * const [ann, ben] = [sessions.open(), sessions.open()]
 * const [y] = await Promise.all([ann.step([0.5]), ben.step([-1])]) // one batch
 * console.log(y.join() === model.backend.read(model.stream().step([0.5])).join()) // true
 * ```
 */
export class Session implements Disposable {
  readonly #member: Member
  readonly #steps: SessionSteps
  readonly #state: SessionState

  constructor(member: Member, steps: SessionSteps, state: SessionState) {
    this.#member = member
    this.#steps = steps
    this.#state = state
  }

  /**
   * Runs one step, in a batch with those of other sessions: [features], or a token -> [features]. The promise is
   * resolved with a copy of the output. If it is rejected, the state is unchanged; with the reason of `signal` if that
   * is aborted before the step begins.
   * @throws `QueueFullError` if `maxQueue` steps are waiting.
   * @throws `ConfigurationError` if the session was closed, an option is unknown, or the model has a stride.
   * @throws `ShapeError` or `ValueError` if x has the wrong size, or a value that is not finite or not a token.
   */
  step(x: TensorLike, given?: SessionStepOptions): Promise<Floats> {
    if (this.#state.stride) return Promise.reject(stridedError('step', 'Call push.'))
    return this.push(x, given) as Promise<Floats>
  }

  /**
   * Runs one step of any model, as `step`: undefined if a strided layer has no output now; [steps · features] if a
   * layer gives several steps at once.
   * @throws `QueueFullError`, `ConfigurationError`, `ShapeError` or `ValueError` as `step`.
   */
  push(x: TensorLike, given?: SessionStepOptions): Promise<Floats | undefined> {
    return new Promise((resolve, reject) => {
      const signal = given && options('step', given, { signal: option.signal() }).signal
      this.#steps.add(this.#member, x, { resolve, reject, owner: this }, signal)
    })
  }

  /**
   * Restores the initial state.
   * @throws `ConfigurationError` if the session was closed.
   */
  reset(): void {
    this.#change(() => this.#state.reset(this.#member))
  }

  /**
   * A copy of the state, as a stream with batch 1 saves it.
   * @throws `ValueError` if a value is not finite.
   * @throws `ConfigurationError` if the session was closed.
   */
  save(): Promise<StreamState> {
    return new Promise((resolve, reject) => {
      this.#change(() => resolve(this.#state.save(this.#member)), reject)
    })
  }

  /**
   * Restores a state that `save` returned for a session of the same model, or for a stream of it with batch 1.
   * @throws `ConfigurationError`, `ShapeError` or `ValueError` if it is of another model, or is not finite, or the
   * session was closed; the state is then unchanged.
   */
  restore(saved: StreamState): void {
    const write = this.#state.restoring(saved)
    this.#change(() => write(this.#member))
  }

  /** Closes the session: steps that have not begun are rejected. */
  close(): void {
    this.#steps.close(this.#member)
  }

  /** Closes the session. */
  [Symbol.dispose](): void {
    this.close()
  }

  #change(apply: () => void, reject: (reason: unknown) => void = () => {}): void {
    this.#steps.change(this.#member, { apply, reject, owner: this })
  }
}
