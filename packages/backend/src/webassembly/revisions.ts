import type { Floats } from '@recurra/tensor'
import { wrapping, type Machine } from '../scopes.ts'

interface Revision { count: number }

/** Counts the writes to each array, for caches that hold its contents in another order. */
export class Revisions {
  readonly #known = new WeakMap<object, Revision>()

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
      const written = [...new Set(to.map(({ data }) => this.of(data)))]
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
    }
  }
}
