import type { Floats } from '@recurra/tensor'
import { wrapping, type Machine } from '../scopes.ts'

interface Revision { count: number }

/** Counts the writes to each array, for caches that hold its contents in another order. */
export class Revisions {
  readonly #known = new WeakMap<object, Revision>()
  /** Of a joined array: the revisions of its parts. */
  readonly #parts = new WeakMap<object, readonly Revision[]>()

  of(data: Floats | Int32Array): Revision {
    const known = this.#known.get(data)
    if (known) return known
    const made = { count: 0 }
    this.#known.set(data, made)
    return made
  }

  /** The same machine, with all its writes counted. */
  countedOn(machine: Machine): Machine {
    const counted = wrapping(machine, (kernel, _, ...to) => {
      const written = [...new Set(to.flatMap(({ data }) => this.#parts.get(data) ?? [this.of(data)]))]
      const [only] = written
      if (written.length === 1)
        return (step) => {
          only!.count++
          kernel(step)
        }
      return (step) => {
        for (let i = 0; i < written.length; i++) written[i]!.count++
        kernel(step)
      }
    })
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
}
