import { Random, sample, temperature, type Corpus, type Sequential } from 'recurra'

/** How a text is written. */
export interface WriteOptions {
  /** What it continues from. */
  readonly prompt?: string
  readonly seed?: number
}

/**
 * Lets a model write `length` characters on, each drawn from what the model expects, the likely ones a little more
 * often.
 */
export const write = async (
  model: Sequential,
  text: Corpus,
  length: number,
  { prompt = 'The ', seed = 1 }: WriteOptions = {},
): Promise<string> => {
  const known = [...prompt].filter((symbol) => text.vocabulary.has(symbol)).join('') || text.vocabulary.symbols[0]!
  using stream = model.stream()
  const written = [...text.encode(known)]
  for await (const [token] of sample(stream, {
    prompt: written.slice(),
    length,
    filters: [temperature(0.7)],
    random: new Random(seed),
  }))
    written.push(token!)
  return text.decode(written)
}
