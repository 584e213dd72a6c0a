import { ValueError } from '@recurra/tensor'
import { softmaxCrossEntropy, Tokenizer, type Data, type Normalization } from '@recurra/training'
import * as v from 'valibot'
import { columnCalled } from '../data/columns.ts'
import {
  cutNotes, holdOut, inBuckets, maxStepsFor, measuredOn, parsedCodec, piecesOf, texts, tokenizer,
} from '../data/examples.ts'
import { readSentences, type Sentence, type SentenceColumns } from '../data/sentences.ts'
import { inScheme, schemeOf, type Scheme } from '../data/spans.ts'
import { exampleSymbols, inForm, lowerCase, minCountFor, tokensOf, UnknownSymbols } from '../data/symbols.ts'
import { shapeVocabulary } from '../data/word-shapes.ts'
import * as flag from '../flags.ts'
import { counted, type Note } from '../notes.ts'
import type { Settings } from '../training/settings.ts'
import { labelsOf, numberOf } from './labels.ts'
import {
  inSchemeOf, measureTags, perWord, scoresOf, wordsFor, type TaggedSentences, type WordCodec,
} from './measure-tags.ts'
import type { Task } from './task.ts'

/** What is needed to read sentences and to say their tags. */
interface TagCodec extends WordCodec {
  readonly columns: SentenceColumns & { readonly tag: string }
  readonly labels: readonly string[]
  /** How tags spell spans, where they do. */
  readonly scheme?: Scheme | undefined
}

const schema = v.object({
  columns: v.object({ token: v.string(), tag: v.string(), sequence: v.optional(v.string()) }), labels: texts,
  tokenizer, words: v.optional(v.object({ lowercase: v.boolean(), shapes: v.boolean() })),
  scheme: v.optional(v.picklist(['IOB1', 'IOB2', 'IOBES', 'BILOU', 'BMES', 'mixed IOB'])),
})

const usualWords = ['token', 'tokens', 'word', 'words', 'text', 'form']
const many = 200_000 // words: as many can teach a larger network

/** A tag for every word, from all of its sentence. */
export const tag: Task<TagCodec, TaggedSentences> = {
  about: 'the tag of each word',
  heeds: ['text', 'label', 'embedding', 'bidirectional', 'min-count', 'lowercase', 'validation'],
  // Measured in test/tasks/defaults.ts.
  defaults: {
    cell: 'gru', layers: 1, hidden: 64, embedding: 64, bidirectional: true, dropout: 0.3, epochs: 8, updates: 1000,
    patience: 2,
  },
  suits: (table) => (/\.conll\w*$/i.test(table.file)
    || (columnCalled(table, ['tag', 'tags']) && columnCalled(table, usualWords)) ? 1 : 0),
  compares: true,
  flags: {
    sequence: flag.text('column', 'tag: the column that identifies the sequences'),
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
    const known = tokenizerOf(train, (args['normalize'] ?? 'NFC') as Normalization, settings)
    const words = { lowercase: settings.lowercase ?? false, shapes: true }
    const codec = { columns, labels, tokenizer: known.toJSON(), words, ...(scheme && { scheme }) }
    const test = settings.validation === undefined
      ? { sentences: heldOut, settings } : tag.dataOf(settings.validation, codec, settings, {})
    const limit = settings.window ?? maxStepsFor(settings)
    const all = train.reduce((sum, sentence) => sum + sentence.words.length, 0)
    const units = all < many ? 64 : 128
    return {
      codec,
      input: known.tokens,
      size: labels.length,
      defaults: { hidden: units, embedding: units },
      unit: 'words',
      train: dataOf(train, file, codec, settings),
      validation: dataOf(inSchemeOf(test.sentences, scheme), settings.validation ?? file, codec, settings),
      test,
      baselines: () => [perWord(train, scheme)],
      about: [
        `${counted(sentences.length)} sequences${read.dialect ? ` of ${read.dialect}` : ''}, ` +
          `${labels.length} tags (${columns.tag}`,
        `${scheme ? `, spans in ${scheme}` : ''}); ${measuredOn(heldOut, settings, ' sequences')}`,
      ].join(''),
      notes: [
        ...read.notes, ...(found === scheme ? [] : [mixed]),
        ...cutNotes(lengthsOf(sentences), limit, 'sequences', `learned in pieces of ${counted(limit)} words`),
      ],
    }
  },

  endpoint: { path: '/tag', example: ({ tokenizer: kept }) => ({ tokens: exampleSymbols(kept) }) },
  aroundTheNetwork: () =>
    'x is tokens of tokenizer (of a word that it lacks, the first of its shapes there: "Aa ~ing", "Aa ~ng", …), '
    + 'y a score for each of labels at each token',
  codecOf: (kept) => parsedCodec(schema, kept),

  dataOf(file, codec, settings, args) {
    const { all, notes } = readSentences(file, args, { kept: codec.columns, tags: true, encoding: settings.encoding })
    return { sentences: all, settings, notes: [...notes, ...unknownIn(all, codec).notes, ...newTags(all, codec)] }
  },

  async measure(model, data, codec, baselines) {
    return measureTags(data, await scoresOf(model, data.sentences, codec, data.settings), codec, baselines)
  },

  async *predict(model, file, codec, settings, { args, note }) {
    const { all, notes } = readSentences(file, args, { kept: codec.columns, tags: false, encoding: settings.encoding })
    const unknown = unknownIn(all, codec)
    const scored = await scoresOf(model, all, codec, settings)
    for (const each of [...notes, ...unknown.notes]) note(each)
    for (const [i, { words }] of all.entries()) {
      const tags = scored[i]!.tags.map((number) => codec.labels[number]!)
      const lines = words.map((word, t) => `${word}\t${tags[t]}\n`)
      yield { line: lines.join(''), value: { tokens: words, tags, unknown: unknown.counts[i]! } }
    }
  },
}

/** How many words of each sentence a model does not know, and what is to be said of them. */
const unknownIn = (sentences: readonly Sentence[], { tokenizer: kept, words: reading }: TagCodec) => {
  const known = Tokenizer.from(kept)
  const unknown = new UnknownSymbols(known)
  const plain = reading && { ...reading, shapes: false }
  const counts = sentences.map(({ words }) => unknown.add(wordsFor(known, plain, words)))
  return { counts, notes: unknown.notes('', reading?.shapes ? 'read by their shapes and endings' : undefined) }
}

/** What words are read as: themselves, or if they are rare, their shapes. */
const tokenizerOf = (sentences: readonly Sentence[], normalize: Normalization, settings: Settings): Tokenizer => {
  const inCase = settings.lowercase ? lowerCase : inForm
  const words = sentences.map((sentence) => sentence.words.map((word) => inCase(word, normalize)))
  const count = words.reduce((sum, { length }) => sum + length, 0)
  return new Tokenizer('words', shapeVocabulary(words, minCountFor(count, settings)), { normalize })
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
  const words = sentences.map((sentence) => wordsFor(known, codec.words, sentence.words))
  const target = pieces.map(({ of, start, end }) => {
    const { tags, line } = sentences[of]!
    return tags!.slice(start, end).map((one) => numberOf(one, labels, `${file}, line ${line}`))
  })
  return inBuckets(pieces.map(({ of, start, end }) => tokensOf(known, words[of]!.slice(start, end))), target, settings)
}
