import { ConfigurationError } from '@recurra/tensor'
import { keepOnly, likeliestFirst, weightsOf, type Filter } from './filter.ts'

/**
 * Only the likeliest tokens, as few as have a probability of p together: nucleus sampling (Holtzman et al. 2020).
 *
 * ```ts
 * import { topP } from 'recurra'
 *
 * const scores = Float64Array.of(Math.log(0.5), Math.log(0.3), Math.log(0.2))
 * topP(0.7)(scores)
 * console.log(Array.from(scores, (score) => Math.exp(score - scores[0]!).toFixed(2))) // ['1.00', '0.60', '0.00']
 * ```
 * @throws `ConfigurationError` if p is not above 0 and at most 1.
 */
export const topP = (p: number): Filter => {
  if (!(typeof p === 'number' && p > 0 && p <= 1))
    throw new ConfigurationError({
      expected: 'p of topP to be above 0 and at most 1',
      got: String(p),
      fix: 'Usual is 0.9.',
    })
  return (scores) => {
    const weights = weightsOf(scores)
    const order = likeliestFirst(scores)
    let missing = p * weights.reduce((a, b) => a + b)
    keepOnly(scores, order.filter((token) => {
      const wanted = missing > 0
      missing -= weights[token]!
      return wanted
    }))
  }
}
