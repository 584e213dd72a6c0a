import { logSoftmaxOf, ValueError } from '@recurra/tensor'

/**
 * The log-probability of every token, in nats, into `to`, from a row of logits that begins at `from`. -Infinity rules a
 * token out.
 * @throws `ValueError` if a logit is NaN, or all tokens are ruled out.
 */
export const logProbabilities = (logits: ArrayLike<number>, from: number, to: Float64Array): Float64Array => {
  logSoftmaxOf(logits, from, to)
  if (!to.some(Number.isNaN)) return to
  throw new ValueError({
    where: 'decoding',
    expected: 'scores with a largest that is finite',
    got: String(Math.max(...Array.from(to, (_, i) => logits[from + i]!))),
    fix: 'Look for NaN in the parameters of the model.',
  })
}
