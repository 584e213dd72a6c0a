import type { Tensor } from '@recurra/tensor'

/** The number that a tensor of shape [] holds, such as the sum that a formula left there. */
export const scalar = ({ data, offset }: Tensor): number => data[offset]!

/** Puts a number where the next run of a formula reads it. */
export const setScalar = ({ data, offset }: Tensor, value: number): void => {
  data[offset] = value
}
