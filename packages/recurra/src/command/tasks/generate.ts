import type { Sequential } from '@recurra/layers'
import { ValueError } from '@recurra/tensor'
import { accuracy, bytes, characters, Corpus, evaluate, softmaxCrossEntropy, Tokenizer, words, type Data, type TokenizerData } from '@recurra/training'
import { readText } from '../../terminal/read-file.ts'
import type { Settings } from '../training/settings.ts'
import { counted } from '../units.ts'
import type { Measured, Task } from './task.ts'

/** What the tokens of a text mean. */
export interface GenerateCodec {
  readonly tokenizer: TokenizerData
}

const least = 64 // tokens, of which at least two must be held out
const corpora: Readonly<Record<string, (text: string) => Corpus>> = {
  characters: (text) => characters(text),
  words: (text) => words(text, { specials: ['unknown'], maxSize: 20_000 }),
  bytes: (text) => bytes(text),
}

/** The next symbol of a text, always. */
export const generate: Task<GenerateCodec> = {
  loss: () => softmaxCrossEntropy(),

  lesson(file, { tokens = 'characters' }, settings) {
    const text = readText(file)
    const corpus = corpora[tokens as string]!(text)
    const length = corpus.encoded.length
    if (length < least) throw new ValueError({ where: file, expected: `at least ${least} ${tokens as string} to learn from`, got: String(length), fix: 'Use a longer text.' })
    const [train, heldOut] = corpus.split(1 - settings.holdOut)
    return {
      codec: { tokenizer: corpus.toJSON() },
      input: corpus.tokens,
      size: corpus.size,
      unit: corpus.kind,
      train: windowsOf(train, settings),
      validation: inOrder(heldOut, settings),
      about: `${counted(length)} ${corpus.kind}, ${counted(corpus.size)} different; the last ${counted(heldOut.encoded.length)} to measure on`,
    }
  },

  codecOf: (kept) => ({ tokenizer: Tokenizer.from((kept as GenerateCodec).tokenizer).toJSON() }),

  lossInWords: (nats, { tokenizer: { kind } }) => `${(nats / Math.LN2).toFixed(3)} bits per ${kind.slice(0, -1)}`,

  async measure(model: Sequential, data: Data, { tokenizer: { kind } }): Promise<Measured> {
    const { loss, metrics } = await evaluate(model, data, { loss: softmaxCrossEntropy(), metrics: { accuracy: accuracy() } })
    const figures = { loss, bits: loss / Math.LN2, perplexity: Math.exp(loss), accuracy: metrics.accuracy }
    const symbol = kind.slice(0, -1)
    return {
      figures,
      text: `${figures.bits.toFixed(3)} bits per ${symbol} (perplexity ${figures.perplexity.toFixed(2)}); the likeliest ${symbol} is right ${(100 * figures.accuracy).toFixed(1)} % of the time`,
    }
  },

  dataOf(file, { tokenizer: kept }, settings) {
    const tokenizer = Tokenizer.from(kept)
    const known = tokenizer.kind === 'characters' ? [...readText(file)].filter((symbol) => tokenizer.vocabulary.has(symbol)).join('') : readText(file)
    const encoded = tokenizer.encode(known)
    if (encoded.length < 2) throw new ValueError({ where: file, expected: `at least two ${tokenizer.kind} that the model knows`, got: String(encoded.length), fix: 'Use a text like the one it learned from.' })
    return inOrder(new Corpus(tokenizer, encoded), settings)
  },
}

/** As many windows side by side as a text has, and no more. */
const fitting = (text: Corpus, { window = 64, batch }: Settings): { readonly steps: number; readonly batch: number } => {
  const pairs = text.encoded.length - 1 // of a token and the next
  const steps = Math.min(window, pairs)
  return { steps, batch: Math.max(1, Math.min(batch, Math.floor(pairs / steps))) }
}
const windowsOf = (text: Corpus, settings: Settings): Data => text.windows(fitting(text, settings))
/** One after the other, so that the model remembers what it has read. */
const inOrder = (text: Corpus, settings: Settings): Data => text.windows({ ...fitting(text, settings), carry: true })
