import type { Kernel } from '../backend.ts'
import { asTask, taskOf, type Task } from '../in-order.ts'
import { i32, ModuleBuilder } from './assembler/index.ts'
import { isShared } from './engine.ts'
import type { Heap } from './heap.ts'

/** A function by its number; it takes five integers, or is not run here. */
interface Called {
  readonly id: number
  readonly run: (...args: [number, number, number, number, number]) => void
}

/** Work that one thread does alone: what its function is called with at each step. */
interface WholeTask extends Task {
  readonly function: Called
  readonly address: number
  readonly limit: number
  readonly extra: number
}

/** (list, end, from, to, by): runs the tasks of a list at steps `from`, `from + by`, … before `to`. */
type RunList = (list: number, end: number, from: number, to: number, by: number) => void

/** A line of a list of tasks: the place of a function in the table, and its arguments. */
const fields = ['function', 'address', 'limit', 'extra'] as const
const bytes = 4

/**
 * Runs tasks at many steps in one call: a call from JavaScript takes as long as a small product. Functions of a native
 * addon are not in WebAssembly, and stay outside.
 */
export class Loops {
  readonly #heap: Heap
  readonly #table = new WebAssembly.Table({ element: 'anyfunc', initial: 0 })
  readonly #places = new Map<number, number | undefined>()
  readonly #alive = new WeakMap<Kernel, unknown>()
  #run: RunList | undefined

  constructor(heap: Heap) {
    this.#heap = heap
  }

  /** Marks a kernel that calls a function with these arguments. */
  mark(kernel: Kernel, work: Omit<WholeTask, 'loop'>): Kernel {
    const task: WholeTask = { ...work, loop: (kernels, steps, back) => this.#loop(kernels, steps, back) }
    return asTask(kernel, task)
  }

  #loop(kernels: readonly Kernel[], steps: number, back: boolean): Kernel | undefined {
    const tasks = kernels.map((kernel) => taskOf(kernel) as WholeTask | undefined)
    const lines = tasks.flatMap((task) => {
      const place = task && this.#placeOf(task.function)
      return place === undefined ? [] : [[place, task!.address, task!.limit, task!.extra]]
    })
    if (lines.length < tasks.length) return undefined
    const list = this.#heap.indices(lines.length * fields.length)
    lines.flat().forEach((number, i) => (list[i] = number))
    const run = (this.#run ??= this.#define())
    const [start, end] = [list.byteOffset | 0, list.byteOffset + 4 * lines.length * fields.length]
    const looped: Kernel = back ? () => run(start, end, steps - 1, -1, -1) : () => run(start, end, 0, steps, 1)
    this.#alive.set(looped, [list, kernels])
    return looped
  }

  #placeOf({ id, run }: Called): number | undefined {
    if (this.#places.has(id)) return this.#places.get(id)
    let place: number | undefined
    if (run.length === 5)
      try {
        place = this.#table.grow(1)
        this.#table.set(place, run)
      } catch {
        place = undefined // no function of WebAssembly
      }
    this.#places.set(id, place)
    return place
  }

  #define(): RunList {
    const module = new ModuleBuilder({ table: true })
    module.export('run', 5, (f, list, end, from, to, by) => {
      const [step, line] = [f.local(from), f.local('i32')]
      const field = (name: (typeof fields)[number]) => i32.load(line, bytes * fields.indexOf(name))
      f.while(i32.notEqual(step, to), () => {
        f.set(line, list)
        f.repeat(() => {
          f.callIndirect(field('function'), field('address'), step, 0, field('limit'), field('extra'))
          f.advance(line, bytes * fields.length)
        }, i32.lessUnsigned(line, end))
        f.advance(step, by)
      })
    })
    const { memory } = this.#heap
    const made = new WebAssembly.Module(module.bytes({ shared: isShared(memory) }))
    return new WebAssembly.Instance(made, { backend: { memory, table: this.#table } }).exports['run'] as RunList
  }
}
