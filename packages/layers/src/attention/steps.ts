import { at, swapTimeAndBatch, type Tensor } from '@recurra/tensor'

/** [steps · batch, features] -> [steps, batch, features]; shares memory, and the rows may lie apart. */
export const unrolled = ({ data, shape: [count, size], stride, offset }: Tensor, batch: number): Tensor => ({
  data, offset,
  shape: [count! / batch, batch, size!],
  stride: [batch * stride[0]!, ...stride],
})

/** The steps of one sequence: [steps, batch, features] -> [steps, features]; shares memory. */
export const stepsOf = (x: Tensor, b: number): Tensor => at(swapTimeAndBatch(x), b)
