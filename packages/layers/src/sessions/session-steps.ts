import type { AbortSignalLike, TensorLike } from '@recurra/tensor'
import type { Layer } from '../layer.ts'
import { phaseAfter } from '../stride.ts'
import { BatchedSteps, type Answer } from './batched-steps.ts'
import type { Clock } from './clock.ts'
import { InputPool } from './input-pool.ts'
import { applyChanges, dropOnAbort, isStep, type Change, type Member, type WaitingStep } from './member.ts'
import { expectRoom } from './queue-full-error.ts'
import { Scheduler, type BatchLimits } from './scheduler.ts'
import { SessionMeter } from './session-metrics.ts'
import { sessionClosed, Shutdown } from './shutdown.ts'

/** What all sessions of a model wait for, and what becomes of it. */
export class SessionSteps {
  readonly meter: SessionMeter = new SessionMeter()
  readonly #maxQueue: number
  readonly #clock: Clock
  readonly #steps: BatchedSteps
  readonly #inputs: InputPool
  readonly #scheduler: Scheduler
  /** Sessions with a step that is being computed, and how many are left of them. */
  #computed: readonly Member[] = []
  #running = 0
  readonly #shutdown: Shutdown = new Shutdown(
    () => this.meter.counts.queue + this.#running > 0,
    () => this.#steps[Symbol.dispose](),
  )

  /** @throws `ConfigurationError` or `MemoryError` as `stepFor`. */
  constructor(layer: Layer, { maxQueue, ...limits }: BatchLimits & { readonly maxQueue: number }, clock: Clock) {
    const { stride } = layer
    this.#maxQueue = maxQueue
    this.#clock = clock
    this.#steps = new BatchedSteps(layer, limits.maxBatch)
    this.#inputs = new InputPool(layer, this.#steps.shape, limits.maxBatch)
    this.#scheduler = new Scheduler({
      ...limits, clock,
      open: () => this.meter.counts.sessions,
      kindOf: stride && (({ steps }) => phaseAfter(stride, steps)),
      run: (members) => this.#run(members),
    })
  }

  /** @throws `ConfigurationError` if all were closed. */
  open(): void {
    this.#shutdown.expectInUse()
    this.meter.counts.sessions++
  }

  /**
   * Asks for a step.
   * @throws `ConfigurationError` if the session was closed, `QueueFullError` if too many wait, `ShapeError` or
   * `ValueError` if x cannot be used.
   */
  add(member: Member, x: TensorLike, asked: Omit<WaitingStep, 'x' | 'since'>, signal?: AbortSignalLike): void {
    const { counts } = this.meter
    this.#expectOpen(member)
    if (signal?.aborted) {
      counts.dropped++
      return asked.reject(signal.reason)
    }
    expectRoom(counts, this.#maxQueue)
    const { resolve, reject, owner } = asked
    const step: WaitingStep = { x: this.#inputs.take(x), since: this.#clock.now(), resolve, reject, owner }
    const isNext = member.tasks.length === 0 && !member.current
    if (isNext && this.#scheduler.isFreeFor(step.since)) {
      member.current = step
      return this.#scheduler.follow(this.#begin(member.alone))
    }
    if (signal) dropOnAbort(step, signal, () => this.#drop(member, step, signal.reason))
    counts.queue++
    member.tasks.push(step)
    if (isNext) this.#scheduler.add(member, step.since)
  }

  /**
   * Applies a change after the steps that were asked for before.
   * @throws `ConfigurationError` if the session was closed.
   */
  change(member: Member, change: Change): void {
    this.#expectOpen(member)
    member.tasks.push(change)
    if (member.tasks.length === 1 && !member.current) this.#advance(member)
  }

  /** Closes a session: what has not begun is rejected. */
  close(member: Member): void {
    if (member.closed) return
    member.closed = true
    member.holder = undefined
    this.meter.counts.sessions--
    this.#reject(member)
  }

  /** Closes all; the promise resolves when every step that was asked for is answered. */
  closeAll(): Promise<void> {
    return this.#shutdown.start()
  }

  /** Closes all; what has not begun is rejected. */
  dispose(): void {
    for (const member of [...this.#scheduler.ready, ...this.#computed]) this.#reject(member)
    void this.#shutdown.start()
  }

  #reject(member: Member): void {
    for (const task of member.tasks.splice(0)) {
      if (isStep(task)) this.#discard(task)
      task.reject(sessionClosed())
    }
    this.#scheduler.remove(member)
    this.#shutdown.goOn()
  }

  #expectOpen({ closed }: Member): void {
    if (closed) throw sessionClosed()
    this.#shutdown.expectInUse()
  }

  #drop(member: Member, step: WaitingStep, reason: unknown): void {
    const place = member.tasks.indexOf(step)
    member.tasks.splice(place, 1)
    this.#discard(step)
    step.reject(reason)
    if (place > 0 || member.current) return
    this.#scheduler.remove(member)
    this.#advance(member)
  }

  /** A step will not be taken. */
  #discard(step: WaitingStep): void {
    step.forget?.()
    this.meter.counts.queue--
    this.meter.counts.dropped++
    this.#inputs.give(step.x)
  }

  /** Applies the changes before the next step, which is then ready. */
  #advance(member: Member): void {
    applyChanges(member)
    if (member.tasks.length > 0) this.#scheduler.add(member, this.#clock.now())
    this.#shutdown.goOn()
  }

  #run(members: readonly Member[]): Promise<void> | undefined {
    for (const member of members) (member.current = member.tasks.shift() as WaitingStep).forget?.()
    this.meter.counts.queue -= members.length
    return this.#begin(members)
  }

  /** Computes the current step of each session. */
  #begin(members: readonly Member[]): Promise<void> | undefined {
    this.#computed = members
    this.#running = members.length
    this.meter.batch(members.length)
    return this.#steps.run(members, this.#answer)
  }

  readonly #answer: Answer = (members, outputs, error) => {
    const now = this.#clock.now()
    this.#scheduler.answered(members, now)
    for (let i = 0; i < members.length; i++) {
      const member = members[i]!
      const step = member.current!
      member.current = undefined
      this.#running--
      this.#inputs.give(step.x)
      if (outputs) {
        this.meter.answered(now - step.since)
        step.resolve(outputs[i])
      } else {
        this.meter.counts.failed++
        step.reject(error)
      }
      if (member.tasks.length > 0) this.#advance(member)
    }
    this.#shutdown.goOn()
  }
}
