import { ValueError } from '@recurra/tensor'
import {
  softmaxCrossEntropy, Tokenizer, type Data, type Normalization, type TokenizerData,
} from '@recurra/training'
import * as v from 'valibot'
import {
  cutNotes, holdOut, inBuckets, maxStepsFor, parsedCodec, piecesOf, texts, tokenizer,
} from '../data/examples.ts'
import { readSentences, type Sentence, type SentenceColumns } from '../data/sentences.ts'
import { inScheme, schemeOf, type Scheme } from '../data/spans.ts'
import { lowerCase, tokenizerFor, tokensOf, UnknownSymbols } from '../data/symbols.ts'
import * as flag from '../flags.ts'
import { counted, type Note } from '../notes.ts'
import type { Settings } from '../training/settings.ts'
import { labelsOf, measureTags, numberOf, scoresOf, wordsFor } from './labels.ts'
import type { Task } from './task.ts'

/** What is needed to read sentences and to say their tags. */
interface TagCodec {
  readonly columns: SentenceColumns & { readonly tag: string }
  readonly labels: readonly string[]
  readonly tokenizer: TokenizerData
  /** How tags spell spans, where they do. */
  readonly scheme?: Scheme | undefined
}

const schema = v.object({
  columns: v.object({ token: v.string(), tag: v.string(), sequence: v.optional(v.string()) }), labels: texts,
  tokenizer, scheme: v.optional(v.picklist(['IOB1', 'IOB2', 'IOBES', 'BILOU', 'BMES', 'mixed IOB'])),
})

/** Sentences to measure on. */
interface TaggedSentences {
  readonly sentences: readonly Sentence[]
  readonly settings: Settings
  readonly notes?: readonly Note[]
}

/** A tag for every word, from all of its sentence. */
export const tag: Task<TagCodec, TaggedSentences> = {
  about: 'the tag of each word',
  heeds: ['text', 'label', 'embedding'],
  flags: {
    sequence: flag.text('column', 'tag: the column that tells the sequences apart'),
  },
  loss: () => softmaxCrossEntropy(),
  lossInWords: (loss) => `loss ${loss.toFixed(3)}`,

  dataset(file, args, settings) {
    const read = readSentences(file, args, { tags: true, encoding: settings.encoding })
    const columns = { ...read.columns, tag: read.columns.tag! }
    const found = schemeOf(read.all.map(({ tags }) => tags!))
    const scheme = found === 'mixed IOB' ? 'IOB2' : found
    const sentences =
      found === scheme ? read.all : read.all.map((each) => ({ ...each, tags: inScheme(each.tags!, 'IOB2') }))
    const labels = labelsOf(sentences.flatMap(({ tags }) => tags!), `${file}, ${columns.tag}`)
    const [train, heldOut] = holdOut(sentences, file, settings)
    const cutting = { kind: 'words', normalize: (args['normalize'] ?? 'NFC') as Normalization } as const
    const lower = (word: string): string => lowerCase(word, cutting.normalize)
    const known = tokenizerFor(cutting, train.map(({ words }) => words.map(lower)))
    const codec = { columns, labels, tokenizer: known.toJSON(), ...(scheme && { scheme }) }
    const limit = settings.window ?? maxStepsFor(settings)
    return {
      codec,
      input: known.tokens,
      size: labels.length,
      bothWays: true,
      unit: 'words',
      train: dataOf(train, file, codec, settings),
      validation: dataOf(heldOut, file, codec, settings),
      test: { sentences: heldOut, settings },
      about: [
        `${counted(sentences.length)} sequences${read.dialect ? ` of ${read.dialect}` : ''}, ` +
          `${labels.length} tags (${columns.tag}`,
        `${scheme ? `, spans in ${scheme}` : ''}); ${counted(heldOut.length)} sequences to measure on`,
      ].join(''),
      notes: [
        ...read.notes, ...(found === scheme ? [] : [mixed]),
        ...cutNotes(lengthsOf(sentences), limit, 'sequences', `learned in pieces of ${counted(limit)} words`),
      ],
    }
  },

  aroundTheNetwork: () => 'x is tokens of tokenizer, y a score for each of labels at each token',
  codecOf: (kept) => parsedCodec(schema, kept),

  dataOf(file, codec, settings, args) {
    const { all, notes } = readSentences(file, args, { kept: codec.columns, tags: true, encoding: settings.encoding })
    const unknown = new UnknownSymbols(Tokenizer.from(codec.tokenizer))
    for (const { words } of all) unknown.add(wordsFor(Tokenizer.from(codec.tokenizer), words))
    return { sentences: all, settings, notes: [...notes, ...unknown.notes(), ...newTags(all, codec)] }
  },

  async measure(model, { sentences, settings }, { labels, scheme, tokenizer: kept }) {
    return measureTags(sentences, await scoresOf(model, sentences, Tokenizer.from(kept), settings), labels, scheme)
  },

  async *predict(model, file, { columns, labels, tokenizer: kept }, settings, { args, note }) {
    const { all, notes } = readSentences(file, args, { kept: columns, tags: false, encoding: settings.encoding })
    const known = Tokenizer.from(kept)
    const unknown = new UnknownSymbols(known)
    const scored = await scoresOf(model, all, known, settings, unknown)
    for (const each of [...notes, ...unknown.notes()]) note(each)
    for (const [i, { words }] of all.entries()) {
      const tags = scored[i]!.tags.map((number) => labels[number]!)
      const missing = new UnknownSymbols(known).add(wordsFor(known, words))
      const lines = words.map((word, t) => `${word}\t${tags[t]}\n`)
      yield { line: lines.join(''), value: { tokens: words, tags, unknown: missing } }
    }
  },
}

/** What is to be said of tags that a model has not learned. */
const newTags = (sentences: readonly Sentence[], { labels, scheme }: TagCodec): Note[] => {
  const given = schemeOf(sentences.map(({ tags }) => tags!))
  const all = sentences.flatMap(({ tags }) => (scheme && given && given !== scheme ? inScheme(tags!, scheme) : tags!))
  const strange = all.filter((one) => !labels.includes(one))
  if (strange.length === 0) return []
  const names = [...new Set(strange)].sort()
  if (strange.length === all.length)
    throw new ValueError({
      where: 'tags',
      expected: `some that the model knows: ${labels.slice(0, 12).join(', ')}`,
      got: `only others: ${names.slice(0, 12).join(', ')}`,
      fix: 'Say with --label which column it is.',
    })
  const those = `${counted(strange.length)} of ${counted(all.length)} words have tags`
  return [{
    text: `${those} that the model has not learned, and count as wrong: ${names.slice(0, 12).join(', ')}`,
    figures: { newTags: { count: strange.length, of: all.length, tags: names } },
  }]
}

const mixed: Note = {
  text: 'spans begin with I in some places and with B in others (IOB1 and IOB2 mixed): all are taken for IOB2',
  figures: { mixed: true },
}

const lengthsOf = (sentences: readonly Sentence[]): number[] => sentences.map(({ words }) => words.length)

const dataOf = (sentences: readonly Sentence[], file: string, codec: TagCodec, settings: Settings): Data => {
  const { window = maxStepsFor(settings) } = settings
  const [known, { labels }] = [Tokenizer.from(codec.tokenizer), codec]
  const pieces = piecesOf(lengthsOf(sentences), window)
  const words = sentences.map((sentence) => wordsFor(known, sentence.words))
  const target = pieces.map(({ of, start, end }) => {
    const { tags, line } = sentences[of]!
    return tags!.slice(start, end).map((one) => numberOf(one, labels, `${file}, line ${line}`))
  })
  return inBuckets(pieces.map(({ of, start, end }) => tokensOf(known, words[of]!.slice(start, end))), target, settings)
}
