import { indexOfLargest } from '@recurra/tensor'
import type { Decodable } from './decodable.ts'
import { checkDecodeOptions, decodeOptions, type DecodeOptions } from './decode-options.ts'
import { writeTokens } from './write-tokens.ts'

/**
 * Writes the likeliest token, again and again: what it yields is one token for each row of the model. Rows that have
 * ended yield the end token until all have; the iteration is over then, after `length` tokens, or when the signal says
 * so.
 *
 * It continues from the state of the model, and the last tokens have not been read yet.
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
 * @throws `ValueError` while it writes, if the model does not know a token, or what it expects is NaN.
 */
export const greedy = (model: Decodable, options: DecodeOptions): AsyncGenerator<readonly number[], void> => {
  checkDecodeOptions('greedy', options, decodeOptions)
  return writeTokens(model, options, indexOfLargest)
}
