import { expectNoMore, option, options } from '@recurra/tensor'
import { keepOnly, likeliestFirst, weightsOf, type Filter } from './filter.ts'

const share = option.checked<number>(
  'a number above 0 and at most 1',
  (value) => typeof value === 'number' && value > 0 && value <= 1,
  () => 'Usual is 0.9.',
)()

/**
 * Nucleus sampling (Holtzman et al. 2020): keeps the smallest set of most likely tokens whose probabilities sum to at
 * least p.
 *
 * ```ts
 * import { topP } from 'recurra'
 *
 * const scores = Float64Array.of(Math.log(0.5), Math.log(0.3), Math.log(0.2))
 * topP(0.7)(scores)
 * console.log(Array.from(scores, (score) => Math.exp(score - scores[0]!).toFixed(2))) // ['1.00', '0.60', '0.00']
 * ```
 * @throws `ConfigurationError` if p is not above 0 and at most 1, or there is another argument.
 */
export const topP = (p: number, ...others: readonly never[]): Filter => {
  expectNoMore(others, 'topP', 'p')
  options('topP', { p }, { p: option.required(share) })
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
