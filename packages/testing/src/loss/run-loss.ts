import type { Backend } from '@recurra/backend'
import type { Floats, Random } from '@recurra/tensor'
import { planLoss, type Loss } from '@recurra/training'
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

interface RunOptions {
  /** Whether the loss has a gradient. Default: true. */
  readonly gradient?: boolean
}

/** Plans a loss and runs it. `null` is a row of padding: it holds NaN, and the mask excludes it. */
export const runLoss = (
  loss: Loss,
  backend: Backend,
  rows: readonly (LossRow | null)[],
  options: RunOptions = {},
): LossRun => {
  const { y, frame, write, results } = written(loss, backend, rows, options)
  const value = frame.run()
  return {
    ...results(value, backend.read(frame.each), backend.read(y.grad)),
    again: (scores) => {
      let next = 0
      write(rows.map((row) => (row ? scores[next++] : undefined)))
      return frame.run()
    },
  }
}

/** The same on a backend that may answer later. */
export const runLossAsync = async (
  loss: Loss,
  backend: Backend,
  rows: readonly (LossRow | null)[],
): Promise<Omit<LossRun, 'again'>> => {
  const { y, frame, results } = written(loss, backend, rows)
  return results(await frame.runAsync(), await backend.readAsync(frame.each), await backend.readAsync(y.grad))
}

/** A loss with its rows written, and what its numbers mean. */
const written = (
  loss: Loss,
  backend: Backend,
  rows: readonly (LossRow | null)[],
  { gradient = true }: RunOptions = {},
) => {
  const columns = rows.find((row) => row !== null)!.y.length
  const shape = [rows.length, columns]
  const y = { value: backend.zeros(shape), grad: backend.zeros(gradient ? shape : [0]) }
  const frame = planLoss(loss, backend, y)
  const perTarget = frame.classes ? 1 : columns
  const wide = (row: readonly number[] | undefined, width: number, filler: number): readonly number[] =>
    row ?? Array.from({ length: width }, () => filler)
  backend.write(frame.target, rows.flatMap((row) => wide(row?.target, perTarget, frame.classes ? 0 : padding)))
  backend.write(frame.mask, rows.map((row) => (row ? 1 : 0)))
  const write = (scores: readonly (readonly number[] | undefined)[]): void =>
    backend.write(y.value, scores.flatMap((row) => wide(row, columns, padding)))
  write(rows.map((row) => row?.y))
  const results = (value: number, each: Floats, dy: Floats): Omit<LossRun, 'again'> => {
    const perEach = each.length / rows.length
    return {
      value,
      rows: rows.map((_, i) => ({
        each: [...each.subarray(i * perEach, (i + 1) * perEach)],
        ...(gradient && { dy: [...dy.subarray(i * columns, (i + 1) * columns)] }),
      })),
    }
  }
  return { y, frame, write, results }
}
