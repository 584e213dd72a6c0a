import {
  firstOrigin, isObserved, linearInputs, linearInputsOf, type Frame, type Layout, type LinearInput,
} from './frame.ts'
import { meanOf } from '../../data/numbers.ts'

/** A linear forecast: `bias + Σ weight · (input - mean)`. */
export interface Linear {
  readonly bias: number
  readonly mean: readonly number[]
  readonly weight: readonly number[]
}

/** What it says to some inputs. */
export const linearAt = ({ bias, mean, weight }: Linear, inputs: readonly number[]): number => {
  let sum = bias
  for (let i = 0; i < weight.length; i++) sum += weight[i]! * (inputs[i]! - mean[i]!)
  return sum
}

/**
 * Ridge regressions (Hoerl & Kennard 1970) under several penalties at once: inputs are brought to a deviation of 1, and
 * the mean squared error plus `penalty` times the squares of the weights is least. An input that never changes, or is
 * not among those that are `used`, has no weight.
 */
export const ridges = (
  rows: readonly (readonly number[])[], targets: ArrayLike<number>, penalties: readonly number[],
  used: readonly boolean[],
): Linear[] => {
  const [count, size] = [rows.length, rows[0]!.length]
  const mean = Array.from({ length: size }, (_, i) => meanOf(rows.map((row) => row[i]!)))
  const deviation = mean.map((m, i) => Math.sqrt(meanOf(rows.map((row) => (row[i]! - m) ** 2))))
  const scale = deviation.map((d, i) => (used[i] && d > 1e-12 * Math.abs(mean[i]!) && d > 0 ? 1 / d : 0))
  const bias = meanOf(Array.from(targets))
  const [gram, moment] = [new Float64Array(size * size), new Float64Array(size)]
  const row = new Float64Array(size)
  rows.forEach((raw, n) => {
    for (let i = 0; i < size; i++) row[i] = (raw[i]! - mean[i]!) * scale[i]!
    for (let i = 0; i < size; i++) {
      moment[i]! += (row[i]! * (targets[n]! - bias)) / count
      for (let j = 0; j <= i; j++) gram[i * size + j]! += (row[i]! * row[j]!) / count
    }
  })
  return penalties.map((penalty) => ({
    bias,
    mean,
    weight: [...solve(gram, moment, penalty)].map((weight, i) => weight * scale[i]!),
  }))
}

/** (G + penalty · I) w = m by Cholesky's decomposition; of G, the lower triangle is read. */
const solve = (gram: Float64Array, moment: Float64Array, penalty: number): Float64Array => {
  const size = moment.length
  const [lower, w] = [Float64Array.from(gram), Float64Array.from(moment)]
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = lower[i * size + j]! + (i === j ? penalty : 0)
      for (let k = 0; k < j; k++) sum -= lower[i * size + k]! * lower[j * size + k]!
      lower[i * size + j] = i === j ? Math.sqrt(Math.max(sum, 1e-300)) : sum / lower[j * size + j]!
    }
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) w[i]! -= lower[i * size + k]! * w[k]!
    w[i]! /= lower[i * size + i]!
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) w[i]! -= lower[k * size + i]! * w[k]!
    w[i]! /= lower[i * size + i]!
  }
  return w
}

/** The rows of a series that something is fitted on, and those after them that choose between what was fitted. */
export interface Parts {
  /** Rows [0, train) are learned from. */
  readonly train: number
  /** Rows [train, validation) choose. */
  readonly validation: number
}

/** The linear forecasts of the change of a target from row t to row t + ahead. */
export interface Fitted {
  /** Ridge regression on lags and calendar, to compare with. */
  readonly ridge: Linear
  /**
   * The network builds on it: half ridge, half the mean of others, each on some of the inputs, so that they remember
   * differently.
   */
  readonly mixed: Linear
}

const penalties = [1e-4, 1e-3, 1e-2, 0.1, 1, 10, 1e6] // the last leaves the mean change alone
const most = 20_000 // rows, the latest: more do not change a few dozen weights

type Uses = (input: LinearInput) => boolean

const baseline: Uses = ({ kind }) => kind !== 'mean'
const memories: readonly Uses[] = [
  ({ kind, rows }) => kind !== 'mean' || rows <= 28, // long
  ({ kind, own, rows }) => kind !== 'lag' || rows < (own ? 5 : 2), // short, beside means
  // its own past
  ({ kind, own, rows }) => (own ? !(kind === 'lag' && rows >= 7) && !(kind === 'mean' && rows < 28) : kind === 'known'),
  ({ kind, own, rows }) => kind !== 'mean' && !(kind === 'lag' && rows >= (own ? 7 : 2)), // short
]

/** Fits on the training part; each penalty is the one with the least mean absolute error on the rows after it. */
export const fitLinear = (
  frame: Frame, layout: Layout, target: number, ahead: number, { train, validation }: Parts,
): Fitted => {
  const example = (t: number): { readonly inputs: number[]; readonly change: number } | undefined =>
    isObserved(frame, target, t) && isObserved(frame, target, t + ahead)
      ? {
          inputs: linearInputs(frame, layout, target, ahead, t),
          change: frame.past[target]![t + ahead]! - frame.past[target]![t]!,
        }
      : undefined
  const examples = (from: number, to: number) =>
    Array.from({ length: Math.max(0, to - from) }, (_, i) => example(from + i)).filter((one) => one !== undefined)
  const first = Math.min(firstOrigin(layout), Math.floor(train / 2))
  const learned = examples(Math.max(first, train - ahead - most), train - ahead)
  const held = examples(Math.max(first, train - ahead), validation - ahead)
  const all = linearInputsOf(frame, layout, target)
  const fit = (uses: Uses): Linear => {
    if (learned.length === 0) return { bias: 0, mean: [], weight: [] }
    const fitted = ridges(
      learned.map(({ inputs }) => inputs), learned.map(({ change }) => change), penalties, all.map(uses),
    )
    const errors = fitted.map((linear) =>
      held.reduce((sum, { inputs, change }) => sum + Math.abs(change - linearAt(linear, inputs)), 0),
    )
    return fitted[errors.indexOf(Math.min(...errors))]!
  }
  const ridge = fit(baseline)
  return { ridge, mixed: mean([ridge, mean(memories.map(fit))]) }
}

/** All of them center the inputs alike. */
const mean = (all: readonly Linear[]): Linear => {
  const { bias, mean, weight } = all[0]!
  return { bias, mean, weight: weight.map((_, i) => meanOf(all.map((one) => one.weight[i]!))) }
}
