import { exp, log, select } from '@recurra/formula'
import { option, options } from '@recurra/tensor'
import { elementWise } from './element-wise.ts'
import { probabilities, type Loss, type Reduction } from './loss.ts'

/** Options of `klDivergence`. */
export interface KlDivergenceOptions {
  /**
   * Default: 'mean', over all elements of the rows that count, as in PyTorch. 'batchMean' divides the sum by the number
   * of sequences (or vectors) that count, which is PyTorch's 'batchmean': over vectors it is the mean of the
   * divergences.
   */
  readonly reduction?: Reduction | 'batchMean'
  /** Whether targets are log-probabilities in nats, rather than probabilities. Default: false. */
  readonly logTarget?: boolean
}

/**
 * The divergence of Kullback and Leibler (1951) of y from the target, Σ target · (log target - y), where y holds
 * log-probabilities in nats, such as those of a last layer `logSoftmax()`, and the target probabilities: both
 * [batch, time, classes] or both [batch, classes] (PyTorch's KLDivLoss). A probability of 0 adds nothing.
 *
 * ```ts
 * import { dense, evaluate, klDivergence, sequences, sequential, vector } from 'recurra'
 *
 * const data = sequences({ x: [[0, 1], [1, 0]], target: [[1, 0], [0.5, 0.5]] })
 * const model = sequential(vector(2), [dense(2, { initializers: { weight: 0, bias: Math.log(0.5) } })])
 * const { loss } = await evaluate(model, data, { loss: klDivergence({ reduction: 'batchMean' }) })
 * console.log(loss.toFixed(4)) // 0.3466
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const klDivergence = (given?: KlDivergenceOptions): Loss => {
  const { reduction, logTarget } = options('klDivergence', given, {
    reduction: option.oneOf('mean', 'batchMean', 'sum', 'none')('mean'),
    logTarget: option.flag(false),
  })
  const perSequence = reduction === 'batchMean'
  type Body = Parameters<typeof elementWise>[1]
  const ofLogs: Body = (y, target) => {
    const probability = exp(target)
    return select(probability, probability.mul(target.sub(y)), 0)
  }
  const ofProbabilities: Body = (y, target) => select(target, target.mul(log(target).sub(y)), 0)
  return elementWise(
    'klDivergence',
    logTarget ? ofLogs : ofProbabilities,
    { reduction: perSequence ? 'mean' : reduction },
    {},
    { over: perSequence ? 'sequences' : 'elements', ...(!logTarget && { range: probabilities }) },
  )
}
