import { MemoryError } from '@recurra/tensor'
import type { Layer } from '../layer.ts'
import { BatchedStep, type Outputs } from './batched-step.ts'
import type { Member } from './member.ts'

/** Answers some sessions: with their outputs, or all with an error. */
export type Answer = (members: readonly Member[], outputs: Outputs | undefined, error?: unknown) => void

/**
 * Batched steps with 1, 2, 4, … rows, planned when they are first needed. A batch of any size runs in a few of them:
 * the output of a row does not depend on how many there are.
 */
export class BatchedSteps implements Disposable {
  /** The shape of the input of one session. */
  readonly shape: readonly number[]
  readonly #layer: Layer
  readonly #planned = new Map<number, BatchedStep>()
  #mostRows: number

  /** @throws `ConfigurationError` or `MemoryError` as `stepFor`. */
  constructor(layer: Layer, maxBatch: number) {
    this.#layer = layer
    this.#mostRows = maxBatch
    this.shape = this.#stepOf(1).shape
  }

  /** The current step of each session. What fails does so for the sessions of its rows alone. */
  run(members: readonly Member[], answer: Answer): Promise<void> | undefined {
    for (let [from, to] = [0, 0]; from < members.length; from = to) {
      to = members.length
      let part = members
      try {
        const step = this.#stepFor(to - from)
        to = Math.min(to, from + step.rows)
        if (to - from < members.length) part = members.slice(from, to)
        const outputs = step.run(part)
        if (outputs instanceof Promise)
          return outputs
            .then((made) => answer(part, made), (error: unknown) => answer(part, undefined, error))
            .then(() => this.run(members.slice(to), answer))
        answer(part, outputs)
      } catch (error) {
        answer(part.slice(0, to - from), undefined, error)
      }
    }
    return undefined
  }

  [Symbol.dispose](): void {
    for (const step of this.#planned.values()) step[Symbol.dispose]()
  }

  /** The step for a number of sessions, or for the first of them. */
  #stepFor(count: number): BatchedStep {
    for (;;)
      try {
        return this.#stepOf(rowsFor(count, this.#mostRows))
      } catch (error) {
        if (!(error instanceof MemoryError) || this.#mostRows === 1) throw error
        this.#mostRows = Math.ceil(this.#mostRows / 2) // slower, but all are served
      }
  }

  #stepOf(rows: number): BatchedStep {
    const known = this.#planned.get(rows)
    if (known) return known
    const step = new BatchedStep(this.#layer, rows)
    this.#planned.set(rows, step)
    return step
  }
}

/** The number of rows for the next of `count` sessions: a power of two, or the most rows. */
const rowsFor = (count: number, most: number): number => {
  if (count >= most) return most
  const below = 2 ** (31 - Math.clz32(count))
  const idle = 2 * below - count
  // A few rows that run idle cost less than one more step for the rest.
  return below < count && idle <= Math.max(1, below / 16) ? Math.min(most, 2 * below) : below
}
