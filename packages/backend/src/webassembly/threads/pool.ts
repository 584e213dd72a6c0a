import type { Heap } from '../heap.ts'
import { Loops } from '../loops.ts'
import { controlSize, mostThreads } from './control.ts'
import { startTeam } from './start-team.ts'
import type { SentFunction, Team } from './team.ts'
import type { DivisibleWork, FunctionSource, SharedFunction, WorkFunction } from './divisible-work.ts'

/**
 * Threads over one heap. The caller never waits for another thread to start: it takes parts like all others, and does
 * the whole task if the others are asleep, not yet started, or have not yet received a function.
 */
export class ThreadPool {
  readonly threads: number
  readonly #heap: Heap
  readonly #loops: Loops
  readonly #control: Int32Array
  readonly #scratch: readonly number[]
  readonly #sent: SentFunction[] = []
  readonly #state = { failed: false } // outside the pool, so that workers do not keep it alive
  #team: Team | undefined
  #starts = false

  constructor(heap: Heap, threads: number, scratchSize: number) {
    this.threads = Math.min(threads, mostThreads)
    this.#heap = heap
    this.#loops = new Loops(heap)
    this.#control = new Int32Array(heap.memory.buffer, heap.fixed(controlSize), controlSize)
    this.#scratch = Array.from({ length: this.threads }, () => heap.fixed(scratchSize))
  }

  /** A description of the threads that run. */
  describe(): string {
    if (this.threads < 2) return 'one thread'
    if (this.#state.failed) return 'one thread (workers do not start here; a page may forbid them)'
    return `${this.threads} threads`
  }

  /** Sends a function to all threads. */
  share(source: FunctionSource, name: string, run: WorkFunction): SharedFunction {
    const sent = { source, name }
    this.#team?.send(sent)
    return { id: this.#sent.push(sent) - 1, run }
  }

  /** Binds a task; threads start when the first task that is large enough is bound. */
  bind(
    { function: work, address, units, scale = 1, limit = units * scale, extra = 0 }: DivisibleWork,
    large: boolean,
  ): (step: number) => void {
    const own = extra || this.#scratch[0]!
    const { id, run } = work
    const parts = Math.min(units, this.threads)
    const alone = (step: number): void => run(address, step, 0, limit, own)
    if (!large || parts < 2) return this.#loops.mark(alone, { function: work, address, limit, extra: own })
    this.#start()
    const divided = { function: work, address, units, scale, limit, extra, parts, own }
    return (step) => {
      const team = this.#team
      if (team?.knows(id)) team.run(divided, step)
      else alone(step)
    }
  }

  #start(): void {
    if (this.#starts) return
    this.#starts = true
    const state = this.#state
    const { memory } = this.#heap
    const failed = (): void => void (state.failed = true)
    const plan = { memory, control: this.#control, scratch: this.#scratch, sent: this.#sent, failed }
    startTeam(plan, (team) => (this.#team = team))
  }
}
