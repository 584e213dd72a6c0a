import { indexOfLargest } from '@recurra/tensor'
import { checkDecodeOptions, decodeOptions, type Decodable, type DecodeOptions } from './decode-options.ts'
import { writeTokens } from './write-tokens.ts'

/**
 * Greedy decoding: generates the most likely token at each step, and yields one token for each row of the model. Rows
 * that have ended yield the end token. The iteration ends when all rows have ended, after `length` tokens, or when the
 * signal aborts.
 *
 * It continues from the current state of the model. The model has not read the last tokens yet when the iteration ends.
 *
 * ```ts
 * import { characters, dense, embedding, greedy, gru, sequential } from 'recurra'
 *
 * const text = characters('to be or not to be')
 * const model = sequential(text.tokens, [embedding(8), gru(16), dense(text.size)])
 * const written: number[] = []
 * const options = { prompt: text.encode('to be'), length: 20 }
 * for await (const [token] of greedy(model.stream(), options)) written.push(token!)
 * console.log(text.decode(written).length) // 20
 * ```
 * @throws `ConfigurationError` if there is no prompt, or the length or the end token is invalid.
 * @throws `ValueError` during the iteration, if the model does not know a token, or predicts NaN.
 */
export const greedy = (model: Decodable, options: DecodeOptions): AsyncGenerator<readonly number[], void> => {
  checkDecodeOptions('greedy', options, decodeOptions)
  return writeTokens(model, options, indexOfLargest)
}
