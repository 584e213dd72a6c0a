import { ValueError } from '@recurra/tensor'
import {
  accuracy, bytes, characters, evaluate, softmaxCrossEntropy, Tokenizer, words, type Batch, type Corpus, type Data,
  type Dataset, type Normalization, type NormalizationOptions,
} from '@recurra/training'
import { decodedFile } from '../../terminal/read-file.ts'
import { measuredOn } from '../data/examples.ts'
import { encodingNotes, looksLikeTable } from '../data/read-table.ts'
import { knownOf } from '../data/symbols.ts'
import { counted } from '../notes.ts'
import type { Settings } from '../training/settings.ts'
import { verdictOn } from './baselines/baseline.ts'
import { NGram } from './baselines/n-gram.ts'
import type { Measurable, Task, TaskMeasurement } from './task.ts'
import { TextWriting, type TextCodec } from './text-writing.ts'

const usualWindow = 64 // steps
const tableNote = {
  text: 'this looks like a table, but it is learned as a text; '
    + 'to learn from its columns, name it .csv, .tsv or .jsonl and choose a --task',
  figures: { table: true },
}
const many = 1_000_000 // tokens: of as many, a slower course learns more, and less is to be dropped
const least = 64 // tokens, of which at least two must be held out
const corpora: Readonly<Record<string, (text: string, options: NormalizationOptions) => Corpus>> = {
  characters: (text, options) => characters(text, options),
  words: (text, options) => words(text, { specials: ['unknown'], maxSize: 20_000, ...options }),
  bytes: (text, options) => bytes(text, options),
}

/** Decays weights less the longer a text is, by the root of the number of updates (Loshchilov & Hutter 2019, B.1). */
const decayFor = (length: number): number => Number(Math.min(0.2, 60 / Math.sqrt(length)).toPrecision(1))

/** A text to measure on, as tokens, too. */
interface HeldOutText extends Data, Measurable {
  readonly tokens: Int32Array
}

/** The next symbol of a text, always. */
export const generate: Task<TextCodec, HeldOutText> = {
  about: 'continue a text in its style, the default',
  heeds: ['tokens', 'embedding', 'validation'],
  // Measured in test/tasks/defaults.ts: one wide layer learns in a minute what two narrow ones do not.
  defaults: { cell: 'gru', layers: 1, hidden: 256, embedding: 96, dropout: 0.1, batch: 16 },
  compares: true,
  loss: () => softmaxCrossEntropy(),

  dataset(file, { tokens = 'characters', normalize = 'NFC' }, settings) {
    const { text, encoding } = decodedFile(file, settings.encoding)
    const corpus = corpora[tokens as string]!(text, { normalize: normalize as Normalization })
    const length = corpus.encoded.length
    if (length < least)
      throw new ValueError({
        where: file, expected: `at least ${least} ${tokens as string} to learn from`, got: String(length),
        fix: 'Use a longer text.',
      })
    const [train, heldOut] = settings.validation === undefined ? corpus.split(1 - settings.holdOut) : [corpus]
    const codec = { tokenizer: corpus.toJSON() }
    const test = heldOut ? inOrder(heldOut, settings) : generate.dataOf(settings.validation!, codec, settings, {})
    return {
      codec,
      input: corpus.tokens,
      size: corpus.size,
      defaults: length < many
        ? { optimizer: 'adamw', learningRate: 8 / 3, weightDecay: decayFor(length), dropout: 0.2 }
        : { learningRate: 4 / 3 },
      unit: corpus.kind,
      train: windowsOf(train, settings),
      validation: test,
      test,
      baselines: () => {
        const counts = new NGram(train.encoded, corpus.size)
        return [{ name: `5-gram of ${corpus.kind}`, measure: ({ tokens: all }) => counts.loss(all) / Math.LN2 }]
      },
      notes: [...encodingNotes(encoding, settings.encoding), ...(looksLikeTable(text) ? [tableNote] : [])],
      about: `${counted(length)} ${corpus.kind}, ${counted(corpus.size)} different; `
        + (heldOut ? `the last ${measuredOn(heldOut.encoded, settings)}` : measuredOn([], settings)),
    }
  },

  endpoint: { path: '/generate' },
  writing: (codec) => new TextWriting(codec),
  aroundTheNetwork: (_, to) => (to === 'javascript' ? undefined : 'x is tokens of tokenizer'),
  codecOf: (kept) => ({ tokenizer: Tokenizer.from((kept as TextCodec).tokenizer).toJSON() }),

  lossInWords: (nats, { tokenizer: { kind } }) => `${(nats / Math.LN2).toFixed(3)} bits per ${kind.slice(0, -1)}`,

  async measure(model, data, { tokenizer: { kind } }, baselines = []): Promise<TaskMeasurement> {
    const { loss, metrics } = await evaluate(model, data, {
      loss: softmaxCrossEntropy(), metrics: { accuracy: accuracy() },
    })
    const figures = { loss, bits: loss / Math.LN2, perplexity: Math.exp(loss), accuracy: metrics.accuracy }
    const symbol = kind.slice(0, -1)
    const inWords = (bits: number): string => `${bits.toFixed(3)} bits per ${symbol}`
    const verdict = verdictOn(figures.bits, baselines, data, { measure: 'loss', falling: true, inWords })
    return {
      figures: { ...figures, ...verdict?.figures },
      ...(verdict && { verdict: verdict.text, pictures: () => [verdict.picture] }),
      text: `${figures.bits.toFixed(3)} bits per ${symbol} (perplexity ${figures.perplexity.toFixed(2)}); `
        + `the likeliest ${symbol} is right ${(100 * figures.accuracy).toFixed(1)} % of the time`,
    }
  },

  dataOf(file, { tokenizer: kept }, settings) {
    const tokenizer = Tokenizer.from(kept)
    const { encoded, notes } = knownOf(tokenizer, decodedFile(file, settings.encoding).text)
    if (encoded.length < 2)
      throw new ValueError({
        where: file, expected: `at least two ${tokenizer.kind} that the model knows`, got: String(encoded.length),
        fix: 'Use a text like the one it learned from.',
      })
    return { ...inOrder({ encoded }, settings), notes }
  },
}

/** As many windows side by side as a text has, and no more. */
const windowsOf = (text: Corpus, { window = usualWindow, batch }: Settings): Data => {
  const pairs = text.encoded.length - 1 // of a token and the next
  const steps = Math.min(window, pairs)
  return text.windows({ steps, batch: Math.max(1, Math.min(batch, Math.floor(pairs / steps))) })
}

/** All of a text, one token after the other. */
const inOrder = (
  { encoded: tokens }: { readonly encoded: Int32Array }, { window = usualWindow, batch }: Settings,
): HeldOutText => ({ tokens, ...textInOrder(tokens, { steps: window, batch }) })

/** How much is read at once. */
interface Reading {
  /** The most tokens of a batch, one after the other. */
  readonly steps: number
  /** The most stretches of the text side by side. */
  readonly batch: number
}

/**
 * All of a text, to measure on: each token but the first is foretold once. Stretches of it lie side by side, and a
 * model remembers what it has read of each; the first token of a stretch is the only one without a past.
 */
export const textInOrder = (tokens: Int32Array, { steps: most, batch: widest }: Reading): Dataset => {
  const pairs = tokens.length - 1 // of a token and the next
  const steps = Math.min(most, pairs)
  const batch = Math.max(1, Math.min(widest, Math.floor(pairs / steps)))
  const stretch = Math.ceil(pairs / batch)
  const batches = Math.ceil(stretch / steps)
  return {
    steps, batch, batches,
    padded: true,
    carry: true,
    *epoch(): Iterable<Batch> {
      const [x, target] = [new Int32Array(batch * steps), new Int32Array(batch * steps)]
      const filled = { x, target, lengths: new Int32Array(batch) }
      for (let i = 0; i < batches; i++) {
        for (let b = 0; b < batch; b++) {
          const from = b * stretch + i * steps
          const to = Math.min(from + steps, (b + 1) * stretch, pairs)
          filled.lengths[b] = Math.max(0, to - from)
          for (let t = from; t < to; t++) {
            filled.x[b * steps + t - from] = tokens[t]!
            filled.target[b * steps + t - from] = tokens[t + 1]!
          }
        }
        yield filled
      }
    },
  }
}
