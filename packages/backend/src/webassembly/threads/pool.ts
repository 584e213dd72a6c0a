import type { Heap } from '../heap.ts'
import { Loops } from '../loops.ts'
import { control as c, controlSize, mostThreads } from './control.ts'
import { startThread, type Thread } from './start-thread.ts'

/** Computes the units [from, to) of work bound at an address; `extra` is a further argument, or scratch memory. */
export type WorkFunction = (address: number, step: number, from: number, to: number, extra: number) => void

/** Where a thread gets functions from: a WebAssembly module, or a Node addon that takes the memory. */
export type FunctionSource = WebAssembly.Module | { readonly addon: string; readonly instructions: string }

/** A function that every thread has. */
export interface SharedFunction {
  readonly id: number
  readonly run: WorkFunction
}

/** Work that can be divided into parts; the result has the same bits however it is divided. */
export interface DivisibleWork {
  readonly function: SharedFunction
  readonly address: number
  /** The largest number of parts it can be divided into. */
  readonly units: number
  /** The size of a unit in `from` and `to`. Default: 1. */
  readonly scale?: number
  /** The end of the last unit. Default: `units`. */
  readonly limit?: number
  /** Passed to the function. Default: the scratch memory of each thread. */
  readonly extra?: number
}

/**
 * How often a thread checks for work before it sleeps: more would take time from other programs, fewer would wake it
 * too often.
 */
const spins = 20_000
const generationBits = 16

/** Workers end when their pool is garbage collected. */
const abandoned = new FinalizationRegistry<readonly Thread[]>((threads) =>
  threads.forEach((thread) => thread.terminate()),
)

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
  readonly #sent: { readonly source: FunctionSource; readonly name: string }[] = []
  #workers: readonly Thread[] = []
  #generation = 0
  readonly #state = { failed: false } // outside the pool, so that workers do not keep it alive

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
    const id = this.#sent.push({ source, name }) - 1
    this.#post({ source, name })
    return { id, run }
  }

  /** Binds a task; threads start when the first task that is large enough is bound. */
  bind(
    { function: work, address, units, scale = 1, limit = units * scale, extra = 0 }: DivisibleWork,
    large: boolean,
  ): (step: number) => void {
    const own = extra || this.#scratch[0]!
    const { id, run } = work
    const parts = Math.min(units, this.threads)
    if (!large || parts < 2) {
      const task = { function: work, address, limit, extra: own }
      return this.#loops.mark((step) => run(address, step, 0, limit, own), task)
    }
    this.#start()
    const shared = this.#control
    return (step) => {
      if (!this.#knows(id)) return run(address, step, 0, limit, own)
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
  }

  #knows(id: number): boolean {
    for (let thread = 1; thread < this.threads; thread++) if (this.#control[c.known + thread]! <= id) return false
    return true
  }

  #publish(parts: number): void {
    this.#generation = (this.#generation + 1) % 2 ** (31 - generationBits)
    Atomics.store(this.#control, c.ticket, (this.#generation << generationBits) | (parts << 8))
    if (Atomics.load(this.#control, c.sleeping) > 0) Atomics.notify(this.#control, c.ticket)
  }

  #start(): void {
    const state = this.#state
    if (this.#workers.length > 0 || state.failed) return
    try {
      this.#workers = Array.from({ length: this.threads - 1 }, () => startThread(() => (state.failed = true)))
    } catch {
      state.failed = true // a page may forbid workers: then one thread does it all
      return
    }
    abandoned.register(this, this.#workers)
    const { memory } = this.#heap
    const [control, size] = [this.#control.byteOffset, controlSize]
    this.#workers.forEach((worker, i) =>
      worker.postMessage({ memory, control, size, thread: i + 1, scratch: this.#scratch[i + 1], spins }),
    )
    Atomics.add(this.#control, c.mail, 1)
    for (const known of this.#sent) this.#post(known)
  }

  /** Threads leave their loop for a message. */
  #post(message: unknown): void {
    if (this.#workers.length === 0) return
    for (const worker of this.#workers) worker.postMessage(message)
    Atomics.add(this.#control, c.mail, 1)
    this.#publish(0)
  }
}
