import type { Floats } from '@recurra/tensor'
import type { Kernel } from './backend.ts'
import { asTask, taskOf, type Task } from './in-order.ts'
import { wrapping, type Machine } from './scopes.ts'

interface Revision { count: number }

/** Counts the writes to each array, for caches that hold its contents in another order. */
export class Revisions {
  readonly #known = new WeakMap<object, Revision>()
  /** Of a joined array: the revisions of its parts. */
  readonly #parts = new WeakMap<object, readonly Revision[]>()
  /** Of a kernel that counts: the one inside, and what it writes. */
  readonly #counted = new WeakMap<Kernel, { readonly kernel: Kernel; readonly written: readonly Revision[] }>()

  /** The revision of an array: one and the same object at every call. */
  of(data: Floats | Int32Array): Revision {
    const known = this.#known.get(data)
    if (known) return known
    const made = { count: 0 }
    this.#known.set(data, made)
    return made
  }

  /** The same machine, with all its writes counted. */
  countedOn(machine: Machine): Machine {
    const counted = wrapping(machine, (kernel, _, ...to) =>
      this.#counting(kernel, to.flatMap(({ data }) => this.#parts.get(data) ?? [this.of(data)])))
    return {
      ...counted,
      write: (to, values) => {
        this.of(to.data).count++
        machine.write(to, values)
      },
      joined: (tensors) => {
        const joined = machine.joined?.(tensors)
        if (joined) this.#parts.set(joined.data, tensors.map(({ data }) => this.of(data)))
        return joined
      },
    }
  }

  #counting(kernel: Kernel, to: readonly Revision[]): Kernel {
    const written = [...new Set(to)]
    const [first = { count: 0 }] = written
    const counting: Kernel =
      written.length <= 1
        ? (step) => {
            first.count++
            kernel(step)
          }
        : (step) => {
            for (let i = 0; i < written.length; i++) written[i]!.count++
            kernel(step)
          }
    this.#counted.set(counting, { kernel, written })
    return asTask(counting, taskOf(kernel) && { loop: (...given) => this.#loop(...given) })
  }

  /** All steps are one write. */
  #loop(...[kernels, steps, back]: Parameters<Task['loop']>): Kernel | undefined {
    const known = kernels.flatMap((kernel) => this.#counted.get(kernel) ?? [])
    const inner = known.map(({ kernel }) => kernel)
    const looped = known.length === kernels.length ? taskOf(inner[0]!)?.loop(inner, steps, back) : undefined
    return looped && this.#counting(looped, known.flatMap(({ written }) => written))
  }
}
