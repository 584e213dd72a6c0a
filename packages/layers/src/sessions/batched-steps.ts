import { MemoryError, type Floats } from '@recurra/tensor'
import type { Layer } from '../layer.ts'
import { BatchedStep } from './batched-step.ts'
import type { Member } from './member.ts'

/** What a step came to. */
export type Outcome = { readonly y: Floats | undefined } | { readonly error: unknown }

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

  /** @throws `ConfigurationError` or `MemoryError` as `planStream`. */
  constructor(layer: Layer, maxBatch: number) {
    this.#layer = layer
    this.#mostRows = maxBatch
    this.shape = this.#stepOf(1).shape
  }

  /** One step of each session. What fails does so for the sessions of its rows alone. */
  async run(members: readonly Member[], inputs: readonly Float64Array[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = []
    while (outcomes.length < members.length) {
      const from = outcomes.length
      let to = members.length
      try {
        const step = this.#stepFor(to - from)
        to = Math.min(to, from + step.rows)
        const outputs = step.run(members.slice(from, to), inputs.slice(from, to))
        for (const y of outputs instanceof Promise ? await outputs : outputs) outcomes.push({ y })
      } catch (error) {
        while (outcomes.length < to) outcomes.push({ error })
      }
    }
    return outcomes
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
    const step = this.#planned.get(rows) ?? new BatchedStep(this.#layer, rows)
    this.#planned.set(rows, step)
    return step
  }
}

/** How full a step must be, so that it is not cheaper to take a smaller one and then the rest. */
const worthIdleRows = 0.75

/** The number of rows for the next of `count` sessions: a power of two, or the most rows. */
const rowsFor = (count: number, most: number): number => {
  if (count >= most) return most
  const above = Math.min(most, 2 ** Math.ceil(Math.log2(count)))
  return count > worthIdleRows * above ? above : 2 ** Math.floor(Math.log2(count))
}
