import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { describe, expect, it } from 'vitest'
import {
  binaryCrossEntropy, huber, meanAbsoluteError, meanSquaredError, negativeLogLikelihood, softmaxCrossEntropy, type Loss,
  type Reduction,
} from '../index.ts'

interface Saved {
  shape: number[]
  data: (number | string)[]
}
interface Case {
  name: string
  loss: string
  reduction: Reduction
  options: { weight?: Saved; label_smoothing?: number; ignore_index?: number; delta?: number }
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
const backend = javascript({ dtype: 'float64' })

const classOptions = ({ reduction, options: { weight, ignore_index } }: Case) => ({
  reduction,
  ...(weight && { weights: numbers(weight) }),
  ...(ignore_index !== undefined && { ignore: ignore_index }),
})
const made: Record<string, (c: Case) => Loss> = {
  cross_entropy: (c) => softmaxCrossEntropy({ ...classOptions(c), smoothing: c.options.label_smoothing ?? 0 }),
  nll_loss: (c) => negativeLogLikelihood(classOptions(c)),
  binary_cross_entropy_with_logits: ({ reduction }) => binaryCrossEntropy({ reduction }),
  mse_loss: ({ reduction }) => meanSquaredError({ reduction }),
  l1_loss: ({ reduction }) => meanAbsoluteError({ reduction }),
  huber_loss: ({ reduction, options }) => huber({ reduction, delta: options.delta! }),
}

/** Runs a loss on numbers. */
const judge = (
  loss: Loss,
  shape: readonly number[],
  y: readonly number[],
  target: readonly number[],
  mask?: readonly number[],
) => {
  const variable = { value: backend.zeros(shape), grad: backend.zeros(shape) }
  const frame = loss.plan(backend, variable)
  backend.write(variable.value, y)
  backend.write(frame.target, target)
  if (mask) backend.write(frame.mask, mask)
  const value = frame.run()
  return { value, each: backend.read(frame.each), gradient: backend.read(variable.grad) }
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
      if (c.reduction === 'none') near(padded.each, among(numbers(c.value), perRow, 0))
      else near([padded.value], numbers(c.value))
      near(padded.gradient, among(numbers(c.gradient), columns, 0))
    })

  it('a mean over nothing is 0, and so is its gradient', () => {
    for (const loss of [softmaxCrossEntropy(), negativeLogLikelihood(), meanSquaredError()]) {
      const { value, gradient } = judge(loss, [1, 2], [Number.NaN, 3], loss.type === 'meanSquaredError' ? [1, 1] : [1], [0])
      expect([value, ...gradient]).toEqual([0, 0, 0])
    }
  })
})

describe('losses at their limits', () => {
  it('cross-entropy of logits of 1e300 is finite and right', () => {
    const { value, gradient } = judge(softmaxCrossEntropy(), [1, 3], [1e300, -1e300, 0], [1])
    expect(value).toBe(2e300)
    expect([...gradient]).toEqual([1, -1, 0])
  })

  it('binary cross-entropy of logits of 1e300 is finite and right', () => {
    const { value, gradient } = judge(binaryCrossEntropy({ reduction: 'sum' }), [1, 2], [1e300, -1e300], [0, 0])
    expect(value).toBe(1e300)
    expect([...gradient]).toEqual([1, 0])
  })

  it('measures without a gradient where none is kept', () => {
    for (const loss of [softmaxCrossEntropy(), negativeLogLikelihood()]) {
      const y = { value: backend.zeros([1, 2]), grad: backend.zeros([0]) }
      const frame = loss.plan(backend, y)
      backend.write(y.value, [1, 3])
      backend.write(frame.target, [0])
      expect(frame.run()).toBeCloseTo(loss.type === 'softmaxCrossEntropy' ? 2 + Math.log1p(Math.exp(-2)) : -1, 12)
    }
  })

  it('refuses options that make no sense', () => {
    expect(() => softmaxCrossEntropy({ smoothing: 2 })).toThrow(/softmaxCrossEntropy: expected smoothing to be a number from 0 to 1, got 2/)
    expect(() => softmaxCrossEntropy({ weights: [1, -1] })).toThrow(
      /weights to be a list of finite numbers of at least 0, got \[1, -1\]/,
    )
    expect(() => judge(negativeLogLikelihood({ weights: [1] }), [1, 2], [0, 0], [0])).toThrow(
      /class weights: expected one for each of 2 classes, got 1/,
    )
    expect(() => huber({ delta: 0 })).toThrow(/huber: expected delta/)
    expect(() => softmaxCrossEntropy({ ignoreIndex: 0 } as object)).toThrow(/got ignoreIndex\. Did you mean ignore\?/)
    expect(() => meanSquaredError({ reduction: 'average' as 'mean' })).toThrow(/one of 'mean', 'sum', 'none', got 'average'/)
    expect(() => binaryCrossEntropy({ delta: 1 } as object)).toThrow(/binaryCrossEntropy: expected a known option/)
  })
})
