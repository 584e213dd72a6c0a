import { option, Random } from '@recurra/tensor'
import type { Decodable } from './decodable.ts'
import { checkDecodeOptions, decodeOptions, type DecodeOptions } from './decode-options.ts'
import { weightsOf, type Filter } from './filters/filter.ts'
import { writeTokens } from './write-tokens.ts'

/** Options of `sample`. */
export interface SampleOptions extends DecodeOptions {
  /** What is done to the probabilities before a token is drawn, in this order. Default: nothing. */
  readonly filters?: readonly Filter[]
  /** Where the numbers come from that decide. Default: `new Random(1)`. */
  readonly random?: Random
}

const sampleOptions = {
  ...decodeOptions,
  filters: option.checked<readonly Filter[]>('a list of filters such as temperature(0.8)', (value) =>
    Array.isArray(value) && value.every((filter) => typeof filter === 'function'))(),
  random: option.checked<Random>('a Random', (value) => value instanceof Random)(),
}

/**
 * Draws each token from what the model expects, and yields one for each row: otherwise as `greedy`.
 *
 * ```ts
 * import { characters, dense, embedding, gru, Random, sample, sequential, temperature, topP } from 'recurra'
 *
 * const text = characters('to be or not to be')
 * const model = sequential(text.tokens, [embedding(8), gru(16), dense(text.size)])
 * const filters = [temperature(0.8), topP(0.9)]
 * const options = { prompt: text.encode('to be'), length: 20, filters, random: new Random(7) }
 * for await (const [token] of sample(model.stream(), options)) console.log(text.decode([token!])) // …
 * ```
 * @throws `ConfigurationError` if there is no prompt, or the length or the end token is invalid.
 * @throws `ValueError` while it writes, if the model does not know a token, or what it expects is NaN.
 */
export const sample = (model: Decodable, options: SampleOptions): AsyncGenerator<readonly number[], void> => {
  const { filters = [], random = new Random() } = checkDecodeOptions('sample', options, sampleOptions)
  return writeTokens(model, options, (scores) => {
    for (const filter of filters) filter(scores)
    return random.choice(weightsOf(scores))
  })
}
