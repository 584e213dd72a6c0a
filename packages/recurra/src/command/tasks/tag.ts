import { indexOfLargest, toNested } from '@recurra/tensor'
import { predict, sequences, Tokenizer, type Data, type Normalization, type TokenizerData } from '@recurra/training'
import * as v from 'valibot'
import type { Parsed } from '../../terminal/options.ts'
import { parsedCodec, texts, tokenizer } from '../data/codec.ts'
import { holdOut } from '../data/hold-out.ts'
import { readTable } from '../data/read-table.ts'
import { sentencesIn, type Sentence, type SentenceColumns } from '../data/sentences.ts'
import { columnNamed, expectColumns, type Table } from '../data/table.ts'
import { lowerCase, tokenizerFor, tokensOf } from '../data/understood-text.ts'
import type { Settings } from '../training/settings.ts'
import { counted } from '../units.ts'
import { choosing, labelsOf, numberOf } from './labels.ts'
import type { Task } from './task.ts'

/** What has to be known to read sentences and to say their tags. */
export interface TagCodec {
  readonly columns: SentenceColumns & { readonly tag: string }
  readonly labels: readonly string[]
  readonly tokenizer: TokenizerData
}

const schema = v.object({ columns: v.object({ token: v.string(), tag: v.string(), sequence: v.optional(v.string()) }), labels: texts, tokenizer })
const usualWindow = 256 // steps

/** A tag for every word, from all of its sentence. */
export const tag: Task<TagCodec> = {
  ...choosing,

  lesson(file, args, settings) {
    const table = readTable(file)
    const columns = columnsOf(table, args)
    const sentences = sentencesIn(table, columns)
    const labels = labelsOf(sentences.flatMap(({ tags }) => tags!), `${file}, ${columns.tag}`)
    const [train, heldOut] = holdOut(sentences, file, settings)
    const cutting = { kind: 'words', normalize: (args['normalize'] ?? 'NFC') as Normalization } as const
    const known = tokenizerFor(cutting, train.map(({ words }) => lowerCases(words, cutting.normalize)))
    const codec = { columns, labels, tokenizer: known.toJSON() }
    return {
      codec,
      input: known.tokens,
      size: labels.length,
      bothWays: true,
      unit: 'words',
      train: dataOf(train, file, codec, settings),
      validation: dataOf(heldOut, file, codec, settings),
      about: `${counted(sentences.length)} sequences, ${labels.length} tags; ${counted(heldOut.length)} sequences to measure on`,
    }
  },

  codecOf: (kept) => parsedCodec(schema, kept),

  dataOf(file, codec, settings) {
    const table = readTable(file)
    expectColumns(table, [codec.columns.token, codec.columns.tag])
    return dataOf(sentencesIn(table, codec.columns), file, codec, settings)
  },

  async *predict(model, file, codec, { batch, window = usualWindow }) {
    const table = readTable(file)
    expectColumns(table, [codec.columns.token])
    const [known, sentences] = [Tokenizer.from(codec.tokenizer), sentencesIn(table, { ...codec.columns, tag: undefined })]
    const x = sentences.map(({ words }) => tokensOf(known, lowerCases(words, known.normalize), window))
    const data = sequences({ x, target: x, batch })
    let done = 0
    for await (const { y } of predict(model, data))
      for (const scores of toNested(y) as number[][][]) {
        if (done === sentences.length) return
        const words = sentences[done]!.words.slice(0, x[done]!.length)
        const tags = words.map((_, t) => codec.labels[indexOfLargest(scores[t]!)]!)
        done++
        yield { line: `${words.map((word, t) => `${word}\t${tags[t]}`).join('\n')}\n`, value: { tokens: words, tags } }
      }
  },
}

const lowerCases = (words: readonly string[], form: Normalization): string[] => words.map((word) => lowerCase(word, form))

const columnsOf = (table: Table, args: Parsed): TagCodec['columns'] => {
  const usual = ['sequence', 'sentence', 'sentence_id', 'sequence_id', 'id']
  const token = columnNamed(table, 'text', args['text'], ['token', 'tokens', 'word', 'words', 'text'])
  const lists = Array.isArray(table.rows[0]!.values[token])
  return {
    token,
    tag: columnNamed(table, 'label', args['label'], ['tag', 'tags', 'label', 'labels']),
    ...(!lists && { sequence: columnNamed(table, 'sequence', args['sequence'], usual) }),
  }
}

const dataOf = (sentences: readonly Sentence[], file: string, { labels, tokenizer: kept }: TagCodec, { batch, window = usualWindow }: Settings): Data => {
  const known = Tokenizer.from(kept)
  return sequences({
    x: sentences.map(({ words }) => tokensOf(known, lowerCases(words, known.normalize), window)),
    target: sentences.map(({ tags, line }) => tags!.slice(0, window).map((one) => numberOf(one, labels, `${file}, line ${line}`))),
    batch, buckets: 6,
  })
}
