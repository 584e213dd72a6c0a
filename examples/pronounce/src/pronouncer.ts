import {
  attention, beam, bidirectional, dense, embedding, encoderDecoder, gru, sequences, tokens, toNested, type Data,
  type EncoderDecoder,
} from 'recurra'
import { letters, longest, spelt, type Entry } from './dictionary.ts'

/** How large the layers are. */
export interface Sizes {
  readonly embedding: number
  /** Of each direction. */
  readonly encoder: number
  readonly decoder: number
}

const width = 4 // of the beam
const side = 32 // words that are decoded together

/** A model from letters to phonemes, with its vocabulary. */
export class Pronouncer {
  /** Once it is trained, a quantized copy may take its place. */
  model: EncoderDecoder
  readonly #phonemes: readonly string[]
  readonly #tokens: ReadonlyMap<string, number>
  /** Begins and ends every pronunciation. */
  readonly #end: number

  constructor(entries: readonly Entry[], sizes: Sizes, seed: number) {
    this.#phonemes = [...new Set(entries.flatMap(({ pronunciations }) => pronunciations.flat()))].sort()
    this.#tokens = new Map(this.#phonemes.map((phoneme, i) => [phoneme, i]))
    this.#end = this.#phonemes.length
    const symbols = this.#end + 1
    this.model = encoderDecoder(
      {
        source: tokens(letters),
        encoder: [embedding(sizes.embedding), bidirectional((options) => gru(sizes.encoder, options))],
        target: tokens(symbols),
        decoder: [
          embedding(sizes.embedding),
          gru(sizes.decoder),
          attention({ score: 'additive', units: sizes.encoder }),
          dense(symbols),
        ],
      },
      { seed },
    )
  }

  /** The usual pronunciations to learn from; the decoder reads what it should have said so far. */
  trainingData(entries: readonly Entry[], batch: number): Data {
    const spoken = entries.map(({ pronunciations: [usual] }) => usual!.map((phoneme) => this.#tokens.get(phoneme)!))
    return sequences({
      source: entries.map(({ word }) => spelt(word)),
      x: spoken.map((one) => [this.#end, ...one]),
      target: spoken.map((one) => [...one, this.#end]),
      batch, buckets: 4,
    })
  }

  /** The most likely pronunciation of each word. */
  async say(words: readonly string[]): Promise<string[][]> {
    using stream = this.model.stream({ batch: side * width, sourceSteps: longest })
    const spoken: string[][] = []
    for (let from = 0; from < words.length; from += side) {
      const some = words.slice(from, from + side)
      stream.encode(Array.from({ length: side * width }, (_, row) => spelt(some[Math.floor(row / width)] ?? some[0]!)))
      const found = await beam(stream, { width, prompt: [this.#end], length: longest + 1, end: this.#end })
      spoken.push(...some.map((_, i) => found[i]![0]!.tokens.map((token) => this.#phonemes[token]!)))
    }
    return spoken
  }

  /**
   * How much the model looks at each letter of a word while it says each phoneme: a row per phoneme, and one for the
   * end.
   */
  looks(word: string, spoken: readonly string[]): number[][] {
    using stream = this.model.stream({ sourceSteps: word.length })
    stream.encode([spelt(word)])
    return [this.#end, ...spoken.map((phoneme) => this.#tokens.get(phoneme)!)].map((token) => {
      stream.step(token)
      return (toNested(stream.attentionWeights[0]!) as number[][][])[0]![0]!
    })
  }
}
