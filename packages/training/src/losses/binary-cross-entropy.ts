import { softplus } from '@recurra/formula'
import { elementWise, type ElementWiseOptions } from './element-wise.ts'
import type { Loss } from './loss.ts'

/**
 * -log of the probability of the target under sigmoid(y), from logits of any size without overflow: targets from 0
 * to 1, in the shape of y (PyTorch's BCEWithLogitsLoss).
 */
export const binaryCrossEntropy = (options?: ElementWiseOptions): Loss =>
  elementWise('binaryCrossEntropy', (y, target) => softplus(y).sub(y.mul(target)), options)
