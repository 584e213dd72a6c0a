import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { judge } from '../../../../test/fixtures/judge.ts'
import {
  binaryCrossEntropy, huber, klDivergence, meanAbsoluteError, meanSquaredError, negativeLogLikelihood, smoothL1,
  softmaxCrossEntropy, type Loss, type Reduction,
} from '../index.ts'

interface Saved {
  shape: number[]
  data: (number | string)[]
}
interface Case {
  name: string
  loss: string
  reduction: Reduction | 'batchmean'
  options: {
    weight?: Saved
    pos_weight?: Saved
    label_smoothing?: number
    ignore_index?: number
    delta?: number
    beta?: number
    log_target?: boolean
  }
  input: Saved
  target: Saved
  value: Saved
  gradient: Saved
}
const { cases } = JSON.parse(readFileSync(new URL('../../../../test/golden/losses.json', import.meta.url), 'utf8')) as {
  cases: Case[]
}
const numbers = ({ data }: Saved): number[] => data.map(Number)
const near = (got: ArrayLike<number>, want: readonly number[]): void => {
  expect(got.length).toBe(want.length)
  want.forEach((w, i) => expect(Math.abs(got[i]! - w)).toBeLessThanOrEqual(1e-9 * Math.max(1e-6, Math.abs(w))))
}
const plain = ({ reduction }: Case): { reduction: Reduction } => ({ reduction: reduction as Reduction })
const classOptions = (c: Case) => {
  const { target, options: { weight, ignore_index } } = c
  return {
  ...plain(c),
  ...(target.shape.length === 2 && { targets: 'probabilities' as const }),
  ...(weight && { weights: numbers(weight) }),
  ...(ignore_index !== undefined && { ignore: ignore_index }),
  }
}
const made: Record<string, (c: Case) => Loss> = {
  cross_entropy: (c) => softmaxCrossEntropy({ ...classOptions(c), smoothing: c.options.label_smoothing ?? 0 }),
  nll_loss: (c) => negativeLogLikelihood(classOptions(c)),
  binary_cross_entropy_with_logits: (c) => {
    const { weight, pos_weight: posWeight } = c.options
    return binaryCrossEntropy({
      ...plain(c), ...(weight && { weight: numbers(weight) }), ...(posWeight && { posWeight: numbers(posWeight) }),
    })
  },
  kl_div: ({ reduction, options: { log_target: logTarget = false } }) =>
    klDivergence({ reduction: reduction === 'batchmean' ? 'batchMean' : reduction, logTarget }),
  smooth_l1_loss: (c) => smoothL1({ ...plain(c), beta: c.options.beta! }),
  mse_loss: (c) => meanSquaredError(plain(c)),
  l1_loss: (c) => meanAbsoluteError(plain(c)),
  huber_loss: (c) => huber({ ...plain(c), delta: c.options.delta! }),
}

describe('losses equal PyTorch in float64', () => {
  for (const c of cases)
    it(c.name, () => {
      const { value, each, gradient } = judge(made[c.loss]!(c), c.input.shape, numbers(c.input), numbers(c.target))
      if (c.reduction === 'none') near(each, numbers(c.value))
      else near([value], numbers(c.value))
      near(gradient, numbers(c.gradient))
    })
})

describe('padding may hold anything', () => {
  // The golden rows, with rows of NaN between them that the mask leaves out.
  for (const c of cases.filter(({ name }) => !name.includes('huge')))
    it(c.name, () => {
      const [rows, columns] = c.input.shape as [number, number]
      const perRow = c.target.shape.length === 1 ? 1 : columns
      const among = (values: readonly number[], width: number, filler: number): number[] =>
        Array.from({ length: 2 * rows * width }, (_, i) =>
          Math.floor(i / width) % 2 ? values[Math.floor(i / width / 2) * width + (i % width)]! : filler,
        )
      const mask = Array.from({ length: 2 * rows }, (_, row) => row % 2)
      const padded = judge(
        made[c.loss]!(c),
        [2 * rows, columns],
        among(numbers(c.input), columns, Number.NaN),
        among(numbers(c.target), perRow, perRow === 1 ? 99 : Number.NaN),
        mask,
      )
      if (c.reduction === 'none')
        near(padded.each, among(numbers(c.value), c.value.shape.length === 1 ? 1 : columns, 0))
      else near([padded.value], numbers(c.value))
      near(padded.gradient, among(numbers(c.gradient), columns, 0))
    })

  it('a mean over nothing is 0, and so is its gradient', () => {
    for (const loss of [softmaxCrossEntropy(), negativeLogLikelihood(), meanSquaredError()]) {
      const { value, gradient } = judge(
        loss,
        [1, 2],
        [Number.NaN, 3],
        loss.type === 'meanSquaredError' ? [1, 1] : [1],
        [0],
      )
      expect([value, ...gradient]).toEqual([0, 0, 0])
    }
  })
})
