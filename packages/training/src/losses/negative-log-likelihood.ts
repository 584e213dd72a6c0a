import { select, sumOverColumns } from '@recurra/formula'
import { overClasses, type ClassOptions } from './classes.ts'
import type { Loss } from './loss.ts'

/**
 * -y[target] for class numbers, where y holds log-probabilities: y [batch, time, classes] with target [batch, time],
 * or y [batch, classes] with target [batch] (PyTorch's NLLLoss). For logits use `softmaxCrossEntropy`.
 */
export const negativeLogLikelihood = (options: ClassOptions = {}): Loss =>
  overClasses('negativeLogLikelihood', options, ({ y, hit, weight, row }) => {
    const wanted = hit.mul(weight)
    const lack = select(wanted, wanted.mul(y).neg(), 0) // the log-probability of the others may be -infinity
    return {
      passes: [{ lack: sumOverColumns(lack) }],
      each: row('lack'),
      gradient: wanted.neg(),
    }
  })
