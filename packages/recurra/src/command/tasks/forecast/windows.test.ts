import { javascript } from '@recurra/backend'
import { planLoss } from '@recurra/training'
import { expect, it } from 'vitest'
import { maskedQuantileLoss, unobserved } from './windows.ts'

const backend = javascript({ dtype: 'float64' })

/** The mean loss of rows of one group of three quantiles, its slopes, and what it is a mean over. */
const lossOf = (y: readonly number[], target: readonly number[], mask: readonly number[]) => {
  const rows = mask.length
  const variable = { value: backend.zeros([rows, 3]), grad: backend.zeros([rows, 3]) }
  const rowMask = backend.zeros([rows])
  const frame = planLoss(maskedQuantileLoss([0.1, 0.5, 0.9]), backend, variable, rowMask)
  backend.write(variable.value, y)
  backend.write(frame.target, target)
  backend.write(rowMask, mask)
  return { loss: frame.run(), slopes: [...backend.read(variable.grad)], count: backend.read(frame.count)[0] }
}

it('is the mean over the targets that were observed', () => {
  const all = lossOf([0, 0, 0], [2, 2, 2], [1])
  expect(all.loss).toBeCloseTo((0.2 + 1 + 1.8) / 3, 12)
  const holes = [unobserved, unobserved, unobserved]
  const some = lossOf([0, 0, 0, 5, 5, 5, 9, 9, 9], [2, 2, 2, ...holes, 1, 1, 1], [1, 1, 0])
  expect(some.count).toBe(3)
  expect(some.loss).toBeCloseTo(all.loss, 12)
  expect(some.slopes.slice(0, 3)).toEqual(all.slopes)
  expect(some.slopes.slice(3)).toEqual([0, 0, 0, 0, 0, 0])
  expect(lossOf([5, 5, 5], holes, [1])).toEqual({ loss: 0, slopes: [0, 0, 0], count: 0 })
})
