import { at, swapTimeAndBatch, viewOf, type Tensor } from '@recurra/tensor'

/** [steps · batch, features] -> [steps, batch, features]; shares memory, and the rows may lie apart. */
export const unrolled = (x: Tensor, batch: number): Tensor => {
  const { shape: [count, size], stride, offset } = x
  return viewOf(x, [count! / batch, batch, size!], [batch * stride[0]!, ...stride], offset)
}

/** The steps of one sequence: [steps, batch, features] -> [steps, features]; shares memory. */
export const stepsOf = (x: Tensor, b: number): Tensor => at(swapTimeAndBatch(x), b)
