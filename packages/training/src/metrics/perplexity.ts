import { expectNoMore } from '@recurra/tensor'
import { crossEntropyOf, meanOverRows } from './mean-over-rows.ts'
import type { Metric } from './metric.ts'

/**
 * exp of the mean cross-entropy per step: the number of equally likely symbols with the same uncertainty (Jelinek et
 * al. 1977). From logits or log-probabilities [batch, time, classes], or without time; equal to `Math.exp` of the mean
 * loss of `softmaxCrossEntropy()`.
 *
 * ```ts
 * import { perplexity, tensor } from 'recurra'
 *
 * const metric = perplexity()
 * metric.add({ y: tensor([[0, 0, 0, 0]]), target: tensor([2]) })
 * console.log(metric.value) // 4
 * ```
 * @throws `ConfigurationError` if there is an argument.
 */
export const perplexity = (...others: readonly never[]): Metric<number> => {
  expectNoMore(others, 'perplexity')
  return meanOverRows(crossEntropyOf, Math.exp)
}
