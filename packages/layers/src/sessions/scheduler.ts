import { pauses } from '@recurra/backend'
import type { Clock } from './clock.ts'
import type { Cohort, Member } from './member.ts'

/** How many steps share a batch, and how many milliseconds they wait for each other. */
export interface BatchLimits {
  readonly maxBatch: number
  readonly maxDelay: number
}

/** What a scheduler needs to know. */
export interface SchedulerOptions extends BatchLimits {
  readonly clock: Clock
  /** How many sessions are open. */
  readonly open: () => number
  /** Only sessions of the same kind share a batch. */
  readonly kindOf: (member: Member) => number
  /** Computes a step of each, and returns a function that answers them. */
  readonly run: (members: readonly Member[]) => Promise<(now: number) => void>
}

/** Milliseconds of steps without pause: then everything else has its turn. */
const patience = 1

/**
 * Decides when a batch starts, and whose steps are in it: in the order in which they became ready, one of each session.
 *
 * A batch starts at once when it is full, or when every session that is busy is ready. Busy are those that were
 * answered less than `maxDelay` ago. Where nothing is known of the others, they have one turn to step, too.
 */
export class Scheduler {
  readonly #options: SchedulerOptions
  readonly #pause = pauses(patience)
  #ready: Member[] = []
  #cohorts: Cohort[] = []
  /** Whether a batch is about to start, or runs. */
  #active = false
  #cancelTimer: (() => void) | undefined

  constructor(options: SchedulerOptions) {
    this.#options = options
  }

  /** The next step of a session could begin. */
  add(member: Member, now: number): void {
    member.ready = now
    this.#ready.push(member)
    this.#leave(member)
    if (!this.#active && (!this.#cancelTimer || this.#complete())) this.#consider(now)
  }

  /** A session has no next step any more, and nobody waits for it. */
  remove(member: Member): void {
    this.#leave(member)
    const place = this.#ready.indexOf(member)
    if (place >= 0) this.#ready.splice(place, 1)
    if (this.#cancelTimer && this.#complete()) this.#consider(this.#options.clock.now())
  }

  #leave(member: Member): void {
    if (member.cohort) member.cohort.missing--
    member.cohort = undefined
  }

  #complete(): boolean {
    const { maxBatch, open } = this.#options
    return this.#ready.length >= Math.min(maxBatch, open()) || this.#cohorts.every(({ missing }) => missing === 0)
  }

  #consider(now: number): void {
    const { maxBatch, maxDelay, clock, open } = this.#options
    const [first] = this.#ready
    if (!first) return
    const recent = this.#cohorts.filter(({ answered }) => answered + maxDelay > now)
    this.#cohorts = recent
    const all = this.#ready.length >= Math.min(maxBatch, open())
    if (all || maxDelay === 0 || recent.length > 0 && recent.every(({ missing }) => missing === 0))
      return this.#start(false)
    if (recent.length === 0) return this.#start(true)
    const until = Math.min(first.ready, recent.at(-1)!.answered) + maxDelay
    if (until <= now) return this.#start(false)
    this.#cancelTimer ??= clock.after(until - now, () => {
      this.#cancelTimer = undefined
      this.#start(false)
    })
  }

  #start(afterTurn: boolean): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    this.#active = true
    void this.#run(afterTurn)
  }

  async #run(afterTurn: boolean): Promise<void> {
    const { run, clock } = this.#options
    await (afterTurn ? clock.turn() : this.#pause())
    const members = this.#take()
    if (members.length > 0) {
      const answer = await run(members)
      const cohort = { answered: clock.now(), missing: members.length }
      for (const member of members) member.cohort = cohort
      this.#cohorts.push(cohort)
      answer(cohort.answered)
      await undefined // those who were waiting for an answer step first
    }
    this.#active = false
    this.#consider(clock.now())
  }

  #take(): Member[] {
    const { maxBatch, kindOf } = this.#options
    const kind = this.#ready[0] && kindOf(this.#ready[0])
    const taken: Member[] = []
    this.#ready = this.#ready.filter((member) => {
      const fits = taken.length < maxBatch && kindOf(member) === kind
      if (fits) taken.push(member)
      return !fits
    })
    return taken
  }
}
