import { option, Random } from '@recurra/tensor'
import { checkDecodeOptions, decodeOptions, type Decodable, type DecodeOptions } from './decode-options.ts'
import { weightsOf, type Filter } from './filters/filter.ts'
import { writeTokens } from './write-tokens.ts'

/** Options of `sample`. */
export interface SampleOptions extends DecodeOptions {
  /** The filters to apply to the probabilities before drawing a token, in this order. Default: no filters. */
  readonly filters?: readonly Filter[]
  /** The random generator. Default: `new Random(1)`. */
  readonly random?: Random
}

const sampleOptions = {
  ...decodeOptions,
  filters: option.checked<readonly Filter[]>('a list of filters such as temperature(0.8)', (value) =>
    Array.isArray(value) && value.every((filter) => typeof filter === 'function'))(),
  random: option.checked<Random>('new Random(1), say', (value) => value instanceof Random)(),
}

/**
 * Samples each token from the predicted probabilities, and yields one for each row of the model; otherwise like
 * `greedy`.
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
 * @throws `ValueError` during the iteration, if the model does not know a token, or predicts NaN.
 */
export const sample = (model: Decodable, options: SampleOptions): AsyncGenerator<readonly number[], void> => {
  const { filters = [], random = new Random() } = checkDecodeOptions('sample', options, sampleOptions)
  return writeTokens(model, options, (scores) => drawToken(scores, filters, random))
}

/** A token at random, by its log-probability after some filters, which change `scores` in place: [vocabulary]. */
export const drawToken = (scores: Float64Array, filters: readonly Filter[], random: Random): number => {
  for (const filter of filters) filter(scores)
  return random.choice(weightsOf(scores))
}
