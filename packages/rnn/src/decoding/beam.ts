import { ConfigurationError, option } from '@recurra/tensor'
import { BeamSearch, type Hypothesis } from './beam-search.ts'
import { checkDecodeOptions, decodeOptions, type Decodable, type DecodeOptions } from './decode-options.ts'
import { rounds } from './write-tokens.ts'

/** Options of `beam`. */
export interface BeamOptions extends DecodeOptions {
  /** The number of hypotheses per sequence. Default: the number of rows of the model. */
  readonly width?: number
  /** How much to favor longer sequences: the α of Wu et al. (2016), 0 for no effect. Default: 0.6. */
  readonly lengthPenalty?: number
}

const beamOptions = { ...decodeOptions, width: option.count(), lengthPenalty: option.nonNegative(0.6) }

/**
 * Beam search: finds likely sequences by following the `width` most likely prefixes at once. A hypothesis that has
 * ended keeps its place, so a width of 1 is greedy decoding, and a width as large as the number of possible sequences
 * is an exhaustive search. Ranked by log p / ((5 + n) / 6)^α, for n tokens including the end token (Wu et al. 2016).
 *
 * The model has `width` rows for each sequence, one sequence after the other. The result is one list per sequence, the
 * best hypothesis first. If the `signal` aborts, its reason is thrown.
 *
 * ```ts
 * import { beam, characters, dense, embedding, gru, sequential } from 'recurra'
 *
 * const text = characters('to be or not to be.')
 * const model = sequential(text.tokens, [embedding(8), gru(16), dense(text.size)])
 * const options = { prompt: text.encode('to'), length: 8, end: text.encode('.')[0]! }
 * const [found] = await beam(model.stream({ batch: 4 }), options)
 * console.log(found!.length, found![0]!.score >= found![1]!.score) // 4 true
 * ```
 * @throws `ConfigurationError` if there is no prompt, a number is invalid, or the number of the model's rows is not a
 * multiple of the width.
 * @throws `ValueError` if the model does not know a token, or predicts NaN.
 */
export const beam = async (model: Decodable, options: BeamOptions): Promise<readonly (readonly Hypothesis[])[]> => {
  const { width = model.batch, lengthPenalty } = checkDecodeOptions('beam', options, beamOptions)
  checkWidth(width, model.batch)
  const searches = Array.from(
    { length: model.batch / width },
    (_, i) => new BeamSearch(i * width, width, options.end, lengthPenalty),
  )
  const parents = Int32Array.from({ length: model.batch }, (_, row) => row)
  for await (const round of rounds(model, options)) {
    for (const search of searches) search.advance(round, parents)
    if (searches.every(({ over }) => over)) break
    model.reorder(parents)
  }
  options.signal?.throwIfAborted()
  return searches.map((search) => search.hypotheses())
}

const checkWidth = (width: number, batch: number): void => {
  if (batch % width !== 0)
    throw new ConfigurationError({
      where: 'beam',
      expected: `a model whose rows are a multiple of the width ${width}`,
      got: `${batch} rows`,
      fix: 'Stream with { batch: width }, or width times the number of sequences.',
    })
}
