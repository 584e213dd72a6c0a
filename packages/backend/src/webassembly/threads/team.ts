import { control as c } from './control.ts'
import type { DividedWork, FunctionSource } from './divisible-work.ts'
import { startThread, type Thread } from './start-thread.ts'

/** A function of which each thread has a copy. */
export interface SentFunction {
  readonly source: FunctionSource
  readonly name: string
}

/** What a team works with. */
export interface TeamPlan {
  readonly memory: WebAssembly.Memory
  readonly control: Int32Array
  /** Scratch memory for the caller and for each thread. */
  readonly scratch: readonly number[]
  /** The functions that the threads get first. */
  readonly sent: readonly SentFunction[]
  /** Called if a thread does not start; it must not hold the team, which would then never be collected. */
  readonly failed: () => void
}

/**
 * How often a thread checks for work before it sleeps: more would take time from other programs, fewer would wake it
 * too often.
 */
const spins = 20_000
const generationBits = 16

/** Workers end when their team is garbage collected. */
const abandoned = new FinalizationRegistry<readonly Thread[]>((threads) =>
  threads.forEach((thread) => thread.terminate()),
)

/** The threads that share work with the caller, which takes parts like all others. */
export class Team {
  readonly #control: Int32Array
  readonly #workers: readonly Thread[]
  #generation = 0

  /** Starts them; throws if a page forbids that. */
  constructor({ memory, control, scratch, sent, failed }: TeamPlan) {
    this.#control = control
    this.#workers = scratch.slice(1).map(() => startThread(failed))
    abandoned.register(this, this.#workers)
    this.#workers.forEach((worker, i) =>
      worker.postMessage({
        memory, control: control.byteOffset, size: control.length, thread: i + 1, scratch: scratch[i + 1], spins,
      }),
    )
    Atomics.add(control, c.mail, 1)
    for (const one of sent) this.send(one)
  }

  /** Sends a function; threads leave their loop for a message. */
  send(sent: SentFunction): void {
    for (const worker of this.#workers) worker.postMessage(sent)
    Atomics.add(this.#control, c.mail, 1)
    this.#publish(0)
  }

  /** Whether all threads have started and have a function. */
  knows(id: number): boolean {
    for (let thread = 1; thread <= this.#workers.length; thread++)
      if (this.#control[c.known + thread]! <= id) return false
    return true
  }

  /** Runs a task, and returns when all of its parts are done. */
  run({ function: { id, run }, address, units, scale, limit, extra, parts, own }: DividedWork, step: number): void {
    const shared = this.#control
    shared[c.function] = id
    shared[c.address] = address
    shared[c.step] = step
    shared[c.units] = units
    shared[c.scale] = scale
    shared[c.limit] = limit
    shared[c.extra] = extra
    shared[c.done] = 0
    this.#publish(parts)
    for (;;) {
      const ticket = Atomics.load(shared, c.ticket)
      const part = ticket & 255
      if (part >= parts) break
      if (Atomics.compareExchange(shared, c.ticket, ticket, ticket + 1) !== ticket) continue
      const to = Math.min(Math.floor((units * (part + 1)) / parts) * scale, limit)
      run(address, step, Math.floor((units * part) / parts) * scale, to, own)
      Atomics.add(shared, c.done, 1)
    }
    while (Atomics.load(shared, c.done) < parts);
  }

  #publish(parts: number): void {
    this.#generation = (this.#generation + 1) % 2 ** (31 - generationBits)
    Atomics.store(this.#control, c.ticket, (this.#generation << generationBits) | (parts << 8))
    if (Atomics.load(this.#control, c.sleeping) > 0) Atomics.notify(this.#control, c.ticket)
  }
}
