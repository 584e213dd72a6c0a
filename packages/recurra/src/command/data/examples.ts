import { parsed } from '@recurra/formats/parsed'
import { ValueError } from '@recurra/tensor'
import { sequences, split, Tokenizer, type Dataset, type SequencesOptions, type TokenizerData } from '@recurra/training'
import * as v from 'valibot'
import { counted, type Note } from '../notes.ts'
import type { Settings } from '../training/settings.ts'
import { rangeOf, type Scaler } from './numbers.ts'

/** What codecs are made of, as they are kept in a run. */
export const texts: v.GenericSchema<unknown, string[]> = v.array(v.string())
const numbers = v.array(v.number())
/** See `Scaler`. */
export const scaler: v.GenericSchema<unknown, Scaler> = v.object({ mean: numbers, deviation: numbers })
/** A tokenizer looks at its data itself. */
export const tokenizer: v.GenericSchema<unknown, TokenizerData> = v.custom<TokenizerData>(
  (value) => Tokenizer.from(value as TokenizerData) instanceof Tokenizer,
)

/** Looks at what a run has kept; a `ConfigurationError` says where it is wrong. */
export const parsedCodec = <T,>(schema: v.GenericSchema<unknown, T>, kept: unknown): T =>
  parsed(schema, kept, { where: 'run.json, codec', writer: 'recurra train' })

/**
 * Deals rows out by chance, to learn from and to measure on; of each class, if they have any, the same share. All are
 * learned from where another file is measured on. A `ValueError` where there are too few.
 */
export const holdOut = <Row,>(
  rows: readonly Row[], file: string, { holdOut: share, seed, validation }: Settings,
  classes: readonly string[] = rows.map(() => ''),
): [train: readonly Row[], heldOut: readonly Row[]] => {
  if (validation !== undefined) return [rows, []]
  try {
    return split({ row: rows, of: classes }, [1 - share, share], { seed, stratify: 'of' }).map(({ row }) => row) as [
      Row[],
      Row[],
    ]
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    throw new ValueError({
      where: file, expected: 'enough rows to measure on', got: `${rows.length}, and --hold-out ${share}`,
      fix: 'Use more rows, or a larger share.',
    })
  }
}

/** What a model is measured on, in words. */
export const measuredOn = (
  { length }: { readonly length: number }, { validation }: Settings, what = '',
): string => (validation === undefined ? `${counted(length)}${what} to measure on` : `measured on ${validation}`)

const usualSteps = 256

/**
 * The most steps of a batch. Of longer sequences there are fewer side by side, so that a few do not take all memory.
 */
export const maxStepsFor = ({ batch }: Pick<Settings, 'batch'>): number => batch * usualSteps

/** Batches of sequences, those of similar length side by side. */
export const inBuckets = (
  x: SequencesOptions['x'], target: SequencesOptions['target'], { batch }: Pick<Settings, 'batch'>,
): Dataset => sequences({ x, target, batch, buckets: 6, maxSteps: maxStepsFor({ batch }) })

/** What is to be said of sequences that are longer than a limit. */
export const cutNotes = (lengths: readonly number[], limit: number, what: string, done: string): Note[] => {
  const long = lengths.filter((length) => length > limit)
  if (long.length === 0) return []
  const [, longest] = rangeOf(long)
  const those = `${counted(long.length)} of ${counted(lengths.length)} ${what} ${long.length === 1 ? 'is' : 'are'}`
  return [{
    text: `${those} longer than ${counted(limit)} (the longest ${counted(longest)}): ${done}`,
    figures: { cut: { sequences: long.length, of: lengths.length, limit, longest } },
  }]
}

/** A part of a sequence, and what of it is used. */
export interface Piece {
  /** Which sequence. */
  readonly of: number
  readonly start: number
  readonly end: number
  /** The steps that count: what lies around them is there to be read. */
  readonly from: number
  readonly to: number
}

/**
 * Sequences in pieces of at most `limit` steps: one after the other, or such that what counts of each has `around`
 * further steps on both sides. Every step counts once.
 */
export const piecesOf = (lengths: readonly number[], limit: number, around = 0): Piece[] => {
  const stride = limit - 2 * around
  return lengths.flatMap((length, of) => {
    const count = length <= limit ? 1 : Math.ceil((length - limit) / stride) + 1
    return Array.from({ length: count }, (_, i) => {
      const [start, end] = [i * stride, Math.min(length, i * stride + limit)]
      return { of, start, end, from: i === 0 ? 0 : start + around, to: i === count - 1 ? length : end - around }
    })
  })
}
