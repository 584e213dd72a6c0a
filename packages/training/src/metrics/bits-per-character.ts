import { expectNoMore } from '@recurra/tensor'
import { crossEntropyOf, meanOverRows } from './mean-over-rows.ts'
import type { Metric } from './metric.ts'

/**
 * The mean cross-entropy per step in bits; for a model of characters, bits per character: the size of the text if it
 * were compressed with the model (Shannon 1951). From logits or log-probabilities [batch, time, classes], or without
 * time.
 *
 * ```ts
 * import { bitsPerCharacter, tensor } from 'recurra'
 *
 * const metric = bitsPerCharacter()
 * metric.add({ y: tensor([[0, 0, 0, 0]]), target: tensor([2]) })
 * console.log(metric.value) // 2
 * ```
 * @throws `ConfigurationError` if there is an argument.
 */
export const bitsPerCharacter = (...others: readonly never[]): Metric<number> => {
  expectNoMore(others, 'bitsPerCharacter')
  return meanOverRows(crossEntropyOf, (nats) => nats / Math.LN2)
}
