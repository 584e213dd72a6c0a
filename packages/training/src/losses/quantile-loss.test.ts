import { javascript } from '@recurra/backend'
import { Random } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { planLoss, quantileLoss } from '../index.ts'

const backend = javascript({ dtype: 'float64' })
const quantiles = [0.1, 0.5, 0.9]

/** The gradient of the mean loss of one row of scores against all targets, summed over these, for each column. */
const slopes = (y: readonly number[], targets: readonly number[]): number[] => {
  const variable = { value: backend.zeros([targets.length, y.length]), grad: backend.zeros([targets.length, y.length]) }
  const frame = planLoss(quantileLoss({ quantiles, reduction: 'sum' }), backend, variable)
  backend.write(variable.value, targets.flatMap(() => y))
  backend.write(frame.target, targets.flatMap((target) => y.map(() => target)))
  frame.run()
  const grad = backend.read(variable.grad)
  return y.map((_, i) => targets.reduce((sum, _target, row) => sum + grad[row * y.length + i]!, 0))
}

it('is least at the quantiles of what was seen, for every group of columns', () => {
  const random = new Random(1)
  const targets = Array.from({ length: 1001 }, () => Math.exp(2 * random.uniform()))
  const sorted = [...targets].sort((a, b) => a - b)
  const between = (index: number): number => (sorted[index]! + sorted[index + 1]!) / 2
  const at = (shift: number): number[] => [...quantiles, ...quantiles].map((q) => between(Math.floor(1001 * q) + shift))
  for (const slope of slopes(at(1), targets)) expect(slope).toBeGreaterThan(0)
  for (const slope of slopes(at(-2), targets)) expect(slope).toBeLessThan(0)
})

it('is q of what lies above, and 1 - q of what lies below', () => {
  const y = { value: backend.zeros([1, 6]), grad: backend.zeros([1, 6]) }
  const frame = planLoss(quantileLoss({ quantiles, reduction: 'none' }), backend, y)
  backend.write(frame.target, [2, 2, 2, -4, 0, -4])
  frame.run()
  expect([...backend.read(frame.each)].map((each) => Number(each.toFixed(12)))).toEqual([0.2, 1, 1.8, 3.6, 0, 0.4])
  expect([...backend.read(y.grad)].map((slope) => Number(slope.toFixed(12)))).toEqual([-0.1, -0.5, -0.9, 0.9, 0, 0.1])
})

it.each([
  [
    'a level of 1',
    { quantiles: [0.5, 1] },
    /quantileLoss: expected quantiles to be numbers above 0 and below 1, in ascending order/,
  ],
  ['levels that do not ascend', { quantiles: [0.9, 0.1] }, /in ascending order/],
  ['no level', { quantiles: [] }, /in ascending order/],
  ['a misspelt option', { quantile: [0.5] }, /got quantile\. Did you mean quantiles\?/],
])('%s is refused', (_, given, why) => {
  expect(() => quantileLoss(given as {})).toThrow(why)
})

it('columns that are no groups are refused', () => {
  const y = { value: backend.zeros([1, 4]), grad: backend.zeros([1, 4]) }
  expect(() => quantileLoss({ quantiles }).plan(backend, y)).toThrow(
    'expected groups of 3 columns, one for each quantile, got 4 columns',
  )
})
