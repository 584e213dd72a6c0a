import type { Backend } from '@recurra/backend'
import type { Random } from '@recurra/tensor'
import type { Loss } from '@recurra/training'
import type { Results } from '../trial.ts'

/** One row of predictions with its target: a class index as [class], or as many values. */
export interface LossRow {
  readonly y: readonly number[]
  readonly target: readonly number[]
}

/** The results of a loss for some rows. */
export interface LossRun {
  readonly value: number
  /** By row: `each` and `dy`. */
  readonly rows: readonly Results[]
  /** Computes the loss of other predictions of the same rows. */
  again(y: readonly (readonly number[])[]): number
}

/** Draws rows, with class indices or targets from 0 to 1. */
export const drawRows = (classes: boolean, columns: number, count: number, random: Random, scale = 2): LossRow[] =>
  Array.from({ length: count }, () => ({
    y: Array.from({ length: columns }, () => scale * Math.fround(random.uniform(-1, 1))),
    target: classes ? [random.integer(columns)] : Array.from({ length: columns }, () => Math.fround(random.uniform())),
  }))

const padding = Number.NaN

/** Plans a loss and runs it. `null` is a row of padding: it holds NaN, and the mask excludes it. */
export const runLoss = (
  loss: Loss,
  backend: Backend,
  rows: readonly (LossRow | null)[],
  { gradient = true }: { gradient?: boolean } = {},
): LossRun => {
  const columns = rows.find((row) => row !== null)!.y.length
  const shape = [rows.length, columns]
  const y = { value: backend.zeros(shape), grad: backend.zeros(gradient ? shape : [0]) }
  const frame = loss.plan(backend, y)
  const perTarget = frame.classes ? 1 : columns
  const wide = (row: readonly number[] | undefined, width: number, filler: number): readonly number[] =>
    row ?? Array.from({ length: width }, () => filler)
  backend.write(frame.target, rows.flatMap((row) => wide(row?.target, perTarget, frame.classes ? 0 : padding)))
  backend.write(frame.mask, rows.map((row) => (row ? 1 : 0)))
  const run = (scores: readonly (readonly number[] | undefined)[]): number => {
    backend.write(y.value, scores.flatMap((row) => wide(row, columns, padding)))
    return frame.run()
  }
  const value = run(rows.map((row) => row?.y))
  const [each, dy] = [backend.read(frame.each), backend.read(y.grad)]
  const perEach = each.length / rows.length
  return {
    value,
    rows: rows.map((_, i) => ({
      each: [...each.subarray(i * perEach, (i + 1) * perEach)],
      ...(gradient && { dy: [...dy.subarray(i * columns, (i + 1) * columns)] }),
    })),
    again: (scores) => {
      let next = 0
      return run(rows.map((row) => (row ? scores[next++] : undefined)))
    },
  }
}
