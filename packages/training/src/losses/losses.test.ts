import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { dense, sequential, vector } from '@recurra/layers'
import { describe, expect, it } from 'vitest'
import {
  binaryCrossEntropy, huber, klDivergence, meanAbsoluteError, meanSquaredError, negativeLogLikelihood, smoothL1,
  sgd, softmaxCrossEntropy, Trainer, type Loss, type Reduction,
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
const backend = javascript({ dtype: 'float64' })

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
    expect(() => softmaxCrossEntropy({ smoothing: 2 })).toThrow(
      /softmaxCrossEntropy: expected smoothing to be a number from 0 to 1, got 2/,
    )
    expect(() => softmaxCrossEntropy({ weights: [1, -1] })).toThrow(
      /weights to be a list of finite numbers of at least 0, got \[1, -1\]/,
    )
    expect(() => judge(negativeLogLikelihood({ weights: [1] }), [1, 2], [0, 0], [0])).toThrow(
      /class weights: expected one for each of 2 classes, got 1/,
    )
    expect(() => softmaxCrossEntropy({ targets: 'probabilities', ignore: 0 })).toThrow(
      /no class to ignore where targets are/,
    )
    expect(() => binaryCrossEntropy({ posWeight: [1, -1] })).toThrow(
      /posWeight to be a finite number of at least 0, or a list/,
    )
    expect(() => judge(binaryCrossEntropy({ weight: [1] }), [1, 2], [0, 0], [0, 1])).toThrow(
      /binaryCrossEntropy, weight: expected one for each of 2 features, got 1/,
    )
    expect(() => klDivergence({ reduction: 'batchmean' as 'mean' })).toThrow(/one of 'mean', 'batchMean', /)
    expect(() => huber({ delta: 0 })).toThrow(/huber: expected delta/)
    expect(() => softmaxCrossEntropy({ ignoreIndex: 0 } as object)).toThrow(/got ignoreIndex\. Did you mean ignore\?/)
    expect(() => meanSquaredError({ reduction: 'average' as 'mean' })).toThrow(
      /one of 'mean', 'sum', 'none', got 'average'/,
    )
    expect(() => binaryCrossEntropy({ delta: 1 } as object)).toThrow(/binaryCrossEntropy: expected a known option/)
  })
})

describe('targets of a kind', () => {
  const model = () => sequential(vector(2), [dense(3)], { backend })
  const step = (loss: Loss, target: readonly number[]) => (): void => {
    using trainer = new Trainer(model(), { loss, optimizer: sgd(), steps: 1, batch: 1 })
    trainer.step({ x: [1, 2], target })
  }

  it('that are probabilities lie between 0 and 1', () => {
    const soft = softmaxCrossEntropy({ targets: 'probabilities' })
    expect(step(soft, [0, 1.2, 0])).toThrow(
      /target at sequence 0, feature 1 .*: expected a number from 0 to 1, got 1.2/,
    )
    expect(step(soft, [2])).toThrow(/expected 3 numbers/)
    expect(step(binaryCrossEntropy(), [0, 1, -1])).toThrow(/feature 2 .*from 0 to 1, got -1/)
    expect(step(klDivergence(), [0, Number.NaN, 0])).toThrow(/from 0 to 1, got NaN/)
    expect(step(soft, [0.25, 0.75, 0])).not.toThrow()
    expect(step(klDivergence({ logTarget: true }), [-1, -2, -3])).not.toThrow()
  })

  it('a batchMean divides by the sequences that count, whatever their steps', () => {
    const variable = { value: backend.zeros([2, 3, 2]), grad: backend.zeros([2, 3, 2]) } // [time, batch, classes]
    const frame = klDivergence({ reduction: 'batchMean' }).plan(backend, variable)
    backend.write(variable.value, Array.from({ length: 12 }, () => Math.log(0.5)))
    backend.write(frame.target, Array.from({ length: 12 }, (_, i) => (i % 2 ? 1 : 0)))
    expect(frame.run()).toBeCloseTo((6 * Math.LN2) / 3, 12)
    backend.write(frame.mask, [1, 1, 0, 1, 0, 0]) // two steps of the first, one of the second, none of the third
    expect(frame.run()).toBeCloseTo((3 * Math.LN2) / 2, 12)
    expect(backend.read(variable.grad).slice(0, 4)).toEqual(Float64Array.of(-0, -0.5, -0, -0.5))
  })
})
