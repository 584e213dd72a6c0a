import { relu, select } from '@recurra/formula'
import { elementWise, type Loss } from '@recurra/training'

/** Stands for a target that was not observed: no number of a series comes near it once it is scaled. */
export const unobserved = 1e30

/**
 * The quantile loss, with groups of a column for each quantile, where targets may be missing: these add nothing, and a
 * mean does not count them.
 */
export const maskedQuantileLoss = (quantiles: readonly number[]): Loss =>
  elementWise(
    'quantileLoss',
    (y, target, { level }) => {
      const loss = relu(target.sub(y)).mul(level!).add(relu(y.sub(target)).mul(level!.neg().add(1)))
      return select(target.sub(unobserved / 2), 0, loss)
    },
    {},
    { level: (columns) => Array.from({ length: columns }, (_, i) => quantiles[i % quantiles.length]!) },
    { counts: (target) => select(target.sub(unobserved / 2), 0, 1) },
  )
