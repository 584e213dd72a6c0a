import { tensor } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { quantityErrors } from './measure-quantities.ts'

// scikit-learn's r2_score, mean_absolute_error and root_mean_squared_error of [3, -0.5, 2, 7] and [2.5, 0, 2, 8]
it('measures each row once, in the unit of the data, beside the mean of the training', () => {
  const metric = quantityErrors({ mean: [2], deviation: [2] })
  const at = (values: readonly number[]) => tensor(values.map((value) => [(value - 2) / 2]))
  metric.add({ y: at([2.5, 0, 99]), target: at([3, -0.5, 0]), counts: tensor([1, 1, 0]) })
  metric.add({ y: at([2, 8]), target: at([2, 7]) })
  const [errors] = metric.value
  expect(errors!.r2).toBeCloseTo(0.9486081370449679, 6)
  expect(errors!.mae).toBeCloseTo(0.5, 6)
  expect(errors!.rmse).toBeCloseTo(0.6123724356957945, 6)
  expect(errors!.mean.mae).toBeCloseTo((1 + 2.5 + 0 + 5) / 4, 6)
  expect(errors!.mean.rmse).toBeCloseTo(Math.sqrt((1 + 6.25 + 25) / 4), 6)
})
