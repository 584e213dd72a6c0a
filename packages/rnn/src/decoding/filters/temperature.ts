import { expectNoMore, option, options } from '@recurra/tensor'
import type { Filter } from './filter.ts'

/**
 * log p / temperature (Ackley et al. 1985): a value below 1 favors likely tokens, a value above 1 unlikely ones.
 *
 * ```ts
 * import { temperature } from 'recurra'
 *
 * const scores = Float64Array.of(Math.log(0.5), Math.log(0.3), Math.log(0.2))
 * temperature(0.5)(scores)
 * console.log(Array.from(scores, (score) => Math.exp(score - scores[0]!).toFixed(2))) // ['1.00', '0.36', '0.16']
 * ```
 * @throws `ConfigurationError` if it is not finite, not above 0, or there is another argument.
 */
export const temperature = (value: number, ...others: readonly never[]): Filter => {
  expectNoMore(others, 'temperature', 'a temperature')
  options('temperature', { value }, { value: option.required({ ...option.positive(), advice }) })
  return (scores) => {
    // taken away first, so that the most likely stays finite whatever the temperature
    const top = scores.reduce((a, b) => Math.max(a, b))
    for (let i = 0; i < scores.length; i++) scores[i] = (scores[i]! - top) / value
  }
}

const advice = (): string => 'For the likeliest token alone use greedy.'
