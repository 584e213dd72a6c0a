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
  /** Only sessions of the same kind share a batch. Default: all do. */
  readonly kindOf: ((member: Member) => number) | undefined
  /** Computes a step of each, and answers them: at once, or later. */
  readonly run: (members: readonly Member[]) => Promise<void> | undefined
}

/** Milliseconds of steps without pause; then everything else has its turn, which itself may take a tenth of one. */
const patience = 16
const soon = Promise.resolve()

/**
 * Decides when a batch starts, and whose steps are in it: in the order in which they became ready, one of each session.
 *
 * A batch starts at once when it is full, or when every session that is busy is ready. Busy are those that were
 * answered less than `maxDelay` ago. Where nothing is known of the others, they have one turn to step, too.
 */
export class Scheduler {
  readonly #options: SchedulerOptions
  #ready: Member[] = []
  #cohorts: Cohort[] = []
  /** Whether a batch is about to start, or runs. */
  #active = false
  /** When everything else has its turn. */
  #nextTurn = 0
  #cancelTimer: (() => void) | undefined

  constructor(options: SchedulerOptions) {
    this.#options = options
  }

  /** Sessions whose next step could begin. */
  get ready(): readonly Member[] {
    return this.#ready
  }

  /**
   * Whether the step of a session that is alone can begin now: nothing runs or waits, and it is not yet the turn of
   * everything else. That spares a lone session what only batches need, a third of its time beside the step itself.
   */
  isFreeFor(now: number): boolean {
    return this.#options.open() === 1 && !this.#active && now < this.#nextTurn && this.#ready.length === 0
  }

  /** Holds back others until such a step is computed, if that takes time. */
  follow(running: Promise<void> | undefined): void {
    if (!running) return
    this.#active = true
    void running.then(this.#finish)
  }

  /** The next step of a session could begin. */
  add(member: Member, now: number): void {
    member.ready = now
    this.#ready.push(member)
    this.#leave(member)
    if (!this.#active && (!this.#cancelTimer || this.#complete())) this.#consider(now)
  }

  /** Sessions are about to be answered. */
  answered(members: readonly Member[], now: number): void {
    if (this.#options.open() === 1) return
    const cohort = { answered: now, missing: members.length }
    for (let i = 0; i < members.length; i++) members[i]!.cohort = cohort
    this.#cohorts.push(cohort)
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
    if (maxDelay === 0 || this.#ready.length >= Math.min(maxBatch, open())) return this.#start(now >= this.#nextTurn)
    const recent = this.#cohorts.filter(({ answered }) => answered + maxDelay > now)
    this.#cohorts = recent
    if (recent.length === 0) return this.#start(true)
    if (recent.every(({ missing }) => missing === 0)) return this.#start(now >= this.#nextTurn)
    const until = Math.min(first.ready, recent.at(-1)!.answered) + maxDelay
    if (until <= now) return this.#start(now >= this.#nextTurn)
    this.#cancelTimer ??= clock.after(until - now, () => {
      this.#cancelTimer = undefined
      this.#start(false)
    })
  }

  #start(afterTurn: boolean): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    this.#active = true
    if (afterTurn) void this.#options.clock.turn().then(this.#runAfterTurn)
    else if (this.#options.open() === 1) this.#run() // nobody could join
    else void soon.then(this.#run)
  }

  readonly #runAfterTurn = (): void => {
    this.#nextTurn = this.#options.clock.now() + patience
    this.#run()
  }

  readonly #run = (): void => {
    const members = this.#take()
    const running = members.length > 0 ? this.#options.run(members) : undefined
    if (running) void running.then(this.#finish)
    else if (this.#ready.length === 0 && this.#options.open() === 1) this.#active = false
    else void soon.then(this.#finish) // those who were waiting for an answer step first
  }

  readonly #finish = (): void => {
    this.#active = false
    if (this.#ready.length > 0) this.#consider(this.#options.clock.now())
  }

  #take(): readonly Member[] {
    const { maxBatch, kindOf } = this.#options
    const ready = this.#ready
    if (ready.length === 0 || !kindOf && ready.length <= maxBatch) {
      this.#ready = []
      return ready
    }
    const kind = kindOf?.(ready[0]!)
    const taken: Member[] = []
    this.#ready = ready.filter((member) => {
      const fits = taken.length < maxBatch && kindOf?.(member) === kind
      if (fits) taken.push(member)
      return !fits
    })
    return taken
  }
}
