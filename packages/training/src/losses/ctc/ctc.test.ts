import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { Random } from '@recurra/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ctc, planLoss, type CtcOptions, type Reduction } from '../../index.ts'

const backend = javascript({ dtype: 'float64' })

/** Runs the loss on logits [time, batch, classes]; what lies beyond the lengths is NaN. */
const judge = (
  options: Omit<CtcOptions, 'labels'>,
  logits: readonly number[],
  lengths: readonly number[],
  labels: readonly (readonly number[])[],
) => {
  const [steps, batch] = [Math.max(...lengths), lengths.length]
  const classes = logits.length / steps / batch
  const most = Math.max(1, ...labels.map((one) => one.length))
  const y = { value: backend.zeros([steps, batch, classes]), grad: backend.zeros([steps, batch, classes]) }
  const mask = backend.zeros([steps * batch])
  const frame = planLoss(ctc({ ...options, labels: most }), backend, y, mask)
  const real = Array.from({ length: steps * batch }, (_, row) => Math.floor(row / batch) < lengths[row % batch]!)
  backend.write(mask, real.map(Number))
  backend.write(y.value, logits.map((score, i) => (real[Math.floor(i / classes)] ? score : Number.NaN)))
  backend.write(
    frame.target,
    labels.flatMap((one) => Array.from({ length: most }, (_, i) => one[i] ?? options.blank ?? 0)),
  )
  const value = frame.run()
  return { value, each: [...backend.read(frame.each)], gradient: [...backend.read(y.grad)] }
}

const near = (got: readonly number[], want: readonly number[]): void => {
  expect(got.length).toBe(want.length)
  want.forEach((w, i) =>
    expect(w === got[i] || Math.abs(got[i]! - w) <= 1e-9 * Math.max(1, Math.abs(w)), `${i}: ${got[i]} for ${w}`).toBe(
      true,
    ),
  )
}

interface Saved {
  shape: number[]
  data: (number | string)[]
}
interface Case {
  name: string
  reduction: Reduction
  options: { blank?: number; zero_infinity?: boolean }
  lengths: number[]
  labels: number[][]
  input: Saved
  value: Saved
  gradient: Saved
}
const { cases } = JSON.parse(readFileSync(new URL('../../../../../test/golden/ctc.json', import.meta.url), 'utf8')) as {
  cases: Case[]
}

describe('ctc equals PyTorch in float64', () => {
  for (const {
    name,
    reduction,
    options: { zero_infinity: zeroInfinity = false, ...options },
    lengths,
    labels,
    input,
    value,
    gradient,
  } of cases)
    it(name, () => {
      const got = judge({ ...options, reduction, zeroInfinity }, input.data.map(Number), lengths, labels)
      near(reduction === 'none' ? got.each : [got.value], value.data.map(Number))
      // PyTorch has NaN where the loss is infinite.
      near(got.gradient, gradient.data.map((number) => (number === 'NaN' ? 0 : Number(number))))
    })
})

/** What a path spells: equal neighbours joined, then blanks dropped. */
const spelt = (path: readonly number[]): string =>
  path.filter((label, t) => label !== path[t - 1] && label !== 0).join()

/** The loss of a target from all paths, one by one, and its gradient [time, classes]. */
const byBruteForce = (logits: readonly (readonly number[])[], target: readonly number[]) => {
  const all = logits.map((row) => row.reduce((sum, x) => sum + Math.exp(x), 0))
  const softmax = logits.map((row, t) => row.map((x) => Math.exp(x) / all[t]!))
  const visits = softmax.map((row) => row.map(() => 0))
  let likelihood = 0
  const walk = (path: readonly number[], p: number): void => {
    if (path.length < logits.length) return softmax[path.length]!.forEach((q, label) => walk([...path, label], p * q))
    if (spelt(path) !== target.join()) return
    likelihood += p
    path.forEach((label, t) => (visits[t]![label]! += p))
  }
  walk([], 1)
  return {
    loss: -Math.log(likelihood),
    gradient: softmax.flatMap((row, t) => row.map((q, label) => q - visits[t]![label]! / likelihood)),
  }
}

it('ctc equals the sum over all paths', () =>
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.integer({ min: 1, max: 2 }), { maxLength: 3 }),
      (seed, steps, target) => {
        const random = new Random(seed)
        const logits = Array.from({ length: steps }, () => Array.from({ length: 3 }, () => random.uniform(-3, 3)))
        const want = byBruteForce(logits, target)
        const got = judge({ reduction: 'sum' }, logits.flat(), [steps], [target])
        near([got.value], [want.loss])
        near(got.gradient, want.loss === Infinity ? got.gradient.map(() => 0) : want.gradient)
      },
    ),
  ))
