import type { Backend } from '@recurra/backend'
import { option, options } from '@recurra/tensor'
import type { Layer } from '../layer.ts'
import type { InitialState } from '../state-slots.ts'
import type { StreamState } from '../stream-state.ts'
import { systemClock, type Clock } from './clock.ts'
import type { Member } from './member.ts'
import { Session } from './session.ts'
import type { SessionMetrics } from './session-metrics.ts'
import { SessionState } from './session-state.ts'
import { SessionSteps } from './session-steps.ts'

/** Options of `sessions`. */
export interface SessionsOptions {
  /** The most steps that share a batch. Default: 256. */
  readonly maxBatch?: number
  /**
   * The most milliseconds that a step waits for those of other sessions. It starts earlier if the batch is full, or if
   * all busy sessions are waiting. With 0, no step waits. Default: 1.
   */
  readonly maxDelay?: number
  /** The most steps that may wait, over all sessions; more are rejected with a `QueueFullError`. Default: 4096. */
  readonly maxQueue?: number
  /** The initial state of each session, which `reset` restores: [1, …] for each slot. Default: 0. */
  readonly initialState?: InitialState
}

const kinds = {
  maxBatch: option.count(256), maxDelay: option.nonNegative(1), maxQueue: option.count(4096),
  initialState: option.unchecked<InitialState>()(),
}

/**
 * Sessions that share the steps of a model: dynamic batching. Steps that arrive at about the same time are computed
 * together, in the order in which they arrived, and at most one of each session at a time. The outputs equal those of a
 * stream for each session, bit for bit.
 */
export class Sessions implements Disposable {
  /** The backend that they run on. */
  readonly backend: Backend
  readonly #steps: SessionSteps
  readonly #state: SessionState
  /** A session that was dropped is closed. */
  readonly #dropped = new FinalizationRegistry<Member>((member) => this.#steps.close(member))

  /**
   * @throws `ConfigurationError` if an option is invalid, the model needs the whole sequence or has a source, or a slot
   * is unknown.
   * @throws `ShapeError` or `ValueError` if the initial state does not fit, or has a value that is not finite.
   */
  constructor(layer: Layer, given?: SessionsOptions, clock: Clock = systemClock) {
    const { initialState, ...limits } = options('sessions', given, kinds)
    this.backend = layer.backend
    this.#state = new SessionState(layer, initialState)
    this.#steps = new SessionSteps(layer, limits, clock)
  }

  /**
   * Opens a session, in the initial state or in one that was saved.
   * @throws `ConfigurationError`, `ShapeError` or `ValueError` as `restore` of the session, or if the sessions were
   * closed.
   */
  open(saved?: StreamState): Session {
    const member: Member = {
      state: this.#state.allocate(), holder: undefined, steps: 0, tasks: [], current: undefined, ready: 0,
      alone: [], cohort: undefined, closed: false,
    }
    member.alone = [member]
    const write = saved && this.#state.restoring(saved)
    this.#steps.open()
    if (write) write(member)
    else this.#state.reset(member)
    const session = new Session(member, this.#steps, this.#state)
    this.#dropped.register(session, member)
    return session
  }

  /** The number of open sessions. */
  get size(): number {
    return this.#steps.meter.counts.sessions
  }

  /** How many steps wait, how many shared a batch, how long they took. */
  metrics(): SessionMetrics {
    return this.#steps.meter.read()
  }

  /** Stops: new steps are rejected. The promise resolves when all others are answered. Then the memory is free. */
  close(): Promise<void> {
    return this.#steps.closeAll()
  }

  /** Stops at once: steps that have not begun are rejected. */
  [Symbol.dispose](): void {
    this.#steps.dispose()
  }
}
