import { expectNoMore, option, options } from '@recurra/tensor'
import { keepOnly, likeliestFirst, type Filter } from './filter.ts'

/**
 * Keeps only the k most likely tokens (Fan et al. 2018).
 *
 * ```ts
 * import { topK } from 'recurra'
 *
 * const scores = Float64Array.of(Math.log(0.5), Math.log(0.3), Math.log(0.2))
 * topK(2)(scores)
 * console.log(Array.from(scores, (score) => Math.exp(score - scores[0]!).toFixed(2))) // ['1.00', '0.60', '0.00']
 * ```
 * @throws `ConfigurationError` if k is not a positive integer, or there is another argument.
 */
export const topK = (k: number, ...others: readonly never[]): Filter => {
  expectNoMore(others, 'topK', 'k')
  options('topK', { k }, { k: option.required(option.count()) })
  return (scores) => keepOnly(scores, likeliestFirst(scores).slice(0, k))
}
