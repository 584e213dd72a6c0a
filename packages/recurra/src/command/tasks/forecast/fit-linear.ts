import { firstOrigin, isObserved, type Frame, type Layout } from './frame.ts'
import { linearInputs, linearInputsOf, type LinearInput } from './linear-inputs.ts'
import { linearAt, ridges, type Linear } from './ridge.ts'

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
  frame: Frame,
  layout: Layout,
  target: number,
  ahead: number,
  { train, validation }: Parts,
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
      learned.map(({ inputs }) => inputs),
      learned.map(({ change }) => change),
      penalties,
      all.map(uses),
    )
    const errors = fitted.map((linear) =>
      held.reduce((sum, { inputs, change }) => sum + Math.abs(change - linearAt(linear, inputs)), 0),
    )
    return fitted[errors.indexOf(Math.min(...errors))]!
  }
  const ridge = fit(baseline)
  return { ridge, mixed: mean([ridge, mean(memories.map(fit))]) }
}

/** All of them centre the inputs alike. */
const mean = (all: readonly Linear[]): Linear => {
  const { bias, mean, weight } = all[0]!
  return { bias, mean, weight: weight.map((_, i) => all.reduce((sum, one) => sum + one.weight[i]!, 0) / all.length) }
}
