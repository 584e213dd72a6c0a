import { Random, type Corpus, type Sequential } from 'recurra'

/** How a text is written. */
export interface SampleOptions {
  /** What it goes on from. */
  readonly prompt?: string
  /** Below 1 it keeps to what is likely, above 1 it dares more. */
  readonly temperature?: number
  readonly seed?: number
}

/** Lets a model write `length` characters on, each drawn from what the model expects. */
export const sample = (model: Sequential, text: Corpus, length: number, { prompt = 'The ', temperature = 0.7, seed = 1 }: SampleOptions = {}): string => {
  const known = [...prompt].filter((symbol) => text.vocabulary.has(symbol)).join('') || text.vocabulary.symbols[0]!
  const written = [...text.encode(known)]
  const stream = model.stream()
  const random = new Random(seed)
  for (let i = 0, end = written.length + length; written.length < end; i++) {
    const scores = model.backend.read(stream.step(written[i]!))
    if (i < written.length - 1) continue // still reading the prompt
    const top = Math.max(...scores)
    written.push(random.choice(scores.map((score) => Math.exp((score - top) / temperature))))
  }
  return text.decode(written)
}
