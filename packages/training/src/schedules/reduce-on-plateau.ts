import { ConfigurationError, describeValue, option, options } from '@recurra/tensor'
import { expectLearningRate, type Measured, type Schedule } from './schedule.ts'

/** Options of `reduceOnPlateau`. The defaults are PyTorch's. */
export interface ReduceOnPlateauOptions {
  /** The score to monitor, such as `({ metrics }) => metrics?.accuracy as number`. Default: the validation loss. */
  readonly score?: (measured: Measured) => number
  /** Whether lower or higher scores are better. Default: 'min'. */
  readonly mode?: 'min' | 'max'
  /** The factor of the learning rate; below 1. Default: 0.1. */
  readonly factor?: number
  /** The number of evaluations without improvement to tolerate; the next one reduces the learning rate. Default: 10. */
  readonly patience?: number
  /** The minimum improvement over the best score. Default: 1e-4. */
  readonly threshold?: number
  /** Whether the threshold is relative to the best score, or absolute. Default: 'relative'. */
  readonly thresholdMode?: 'relative' | 'absolute'
  /** The number of evaluations to ignore after a reduction. Default: 0. */
  readonly cooldown?: number
  /** The minimum learning rate. Default: 0. */
  readonly minimum?: number
  /** A reduction of at most this size is skipped. Default: 1e-8. */
  readonly epsilon?: number
}

/**
 * Reduces the learning rate when the validation score stops improving (PyTorch's ReduceLROnPlateau). `fit` passes it
 * the results on `validation`; your own loop passes them with `trainer.step(batch, done, measured)`. It has no state:
 * the learning rate is a function of all results so far, so a resumed run continues with the same learning rates.
 *
 * ```ts
 * import { learningRateAt, reduceOnPlateau } from 'recurra'
 *
 * const learningRate = reduceOnPlateau(0.1, { factor: 0.5, patience: 1 })
 * const losses = [2, 1, 1, 1].map((loss) => ({ loss })) // after the third and the fourth there is no improvement
 * console.log([2, 3, 4].map((count) => learningRateAt(learningRate, 0, 0, losses.slice(0, count)))) // [0.1, 0.1, 0.05]
 * ```
 * @throws `ConfigurationError` if the rate is not above 0, or an option is unknown or invalid; and when a step
 * is taken without validation data, or a score is not a number.
 */
export const reduceOnPlateau = (learningRate: number, given?: ReduceOnPlateauOptions): Schedule => {
  const known = options('reduceOnPlateau', given, {
    score: option.callback<(measured: Measured) => number>(),
    mode: option.oneOf('min', 'max')('min'),
    factor: option.checked<number>(
      'a number above 0 and below 1',
      (value) => typeof value === 'number' && value > 0 && value < 1,
    )(0.1),
    patience: option.integer(0)(10),
    threshold: option.nonNegative(1e-4),
    thresholdMode: option.oneOf('relative', 'absolute')('relative'),
    cooldown: option.integer(0)(0),
    minimum: option.nonNegative(0),
    epsilon: option.nonNegative(1e-8),
  })
  const {
    score = ({ loss }: Measured) => loss,
    mode,
    factor,
    patience,
    threshold,
    thresholdMode,
    cooldown,
    minimum,
    epsilon,
  } = known
  expectLearningRate(learningRate, 'reduceOnPlateau')
  const sign = mode === 'min' ? -1 : 1
  const isBetter = (now: number, best: number): boolean => {
    const limit = thresholdMode === 'relative' ? best * (1 + sign * threshold) : best + sign * threshold
    return mode === 'min' ? now < limit : now > limit
  }
  return (step, _, measured) => {
    if (!measured) throw noData
    let [best, waited, cooling, now] = [-sign * Infinity, 0, 0, learningRate]
    for (let i = 0; i < measured.length; i++) {
      const found = expectScore(score(measured[i]!), step)
      const better = isBetter(found, best)
      if (better) best = found
      waited = better ? 0 : waited + 1
      if (cooling > 0) [cooling, waited] = [cooling - 1, 0]
      if (waited <= patience) continue
      const lower = Math.max(now * factor, minimum)
      if (now - lower > epsilon) now = lower
      ;[cooling, waited] = [cooldown, 0]
    }
    return now
  }
}

const noData = new ConfigurationError({
  where: 'reduceOnPlateau',
  expected: 'validation data to measure on',
  got: 'none',
  fix: 'Pass { validation } to fit, or what you measured to trainer.step(batch, done, measured).',
})

const expectScore = (score: unknown, step: number): number => {
  if (typeof score === 'number') return score
  throw new ConfigurationError({
    where: `reduceOnPlateau at step ${step + 1}`,
    expected: 'a score that is a number',
    got: describeValue(score),
    fix: 'Name a metric that is measured and is a number: score: ({ metrics }) => metrics.accuracy.',
  })
}
