import type { Sequential } from '@recurra/layers'
import { indexOfLargest, logSoftmaxOf, toNested } from '@recurra/tensor'
import { predict, Tokenizer, type TokenizerData } from '@recurra/training'
import { table } from '../../terminal/table.ts'
import { inBuckets, maxStepsFor, piecesOf } from '../data/examples.ts'
import type { Sentence } from '../data/sentences.ts'
import { compareSpans, inScheme, schemeOf, type Scheme } from '../data/spans.ts'
import { inForm, lowerCase, tokensOf } from '../data/symbols.ts'
import { inShapes, type WordReading } from '../data/word-shapes.ts'
import type { Note } from '../notes.ts'
import { escaped, tableSection } from '../report/html.ts'
import type { Settings } from '../training/settings.ts'
import { shareOfRight, verdictOn, type Baseline } from './baselines/baseline.ts'
import { mostFrequentTags } from './baselines/most-frequent.ts'
import { accuracyIn, describeLabels, share } from './labels.ts'
import type { TaskMeasurement } from './task.ts'

/** Sentences to measure on. */
export interface TaggedSentences {
  readonly sentences: readonly Sentence[]
  readonly settings: Settings
  readonly notes?: readonly Note[]
}

/** How a model reads words. */
export interface WordCodec {
  readonly tokenizer: TokenizerData
  /** Without it, all in lower case. */
  readonly words?: WordReading | undefined
}

/** The words of a sentence as the model reads them. */
export const wordsFor = (
  { normalize, vocabulary }: Pick<Tokenizer, 'normalize' | 'vocabulary'>,
  reading: WordReading | undefined, words: readonly string[],
): string[] => {
  const { lowercase, shapes } = reading ?? { lowercase: true, shapes: false }
  const read = words.map((word) => (lowercase ? lowerCase(word, normalize) : inForm(word, normalize)))
  return shapes ? inShapes(vocabulary, read) : read
}

/**
 * What a model says to the words of one sentence: for each the number of its tag, and the log-probabilities of all
 * tags.
 */
interface Scored {
  readonly tags: readonly number[]
  readonly logs: readonly Float64Array[]
}

/** What a model says to every word; sentences that are longer than a window are read in pieces that overlap by half. */
export const scoresOf = async (
  model: Sequential, sentences: readonly Sentence[], codec: WordCodec,
  { batch, window = maxStepsFor({ batch }) }: Pick<Settings, 'batch' | 'window'>,
): Promise<Scored[]> => {
  const tokenizer = Tokenizer.from(codec.tokenizer)
  const words = sentences.map((sentence) => wordsFor(tokenizer, codec.words, sentence.words))
  const pieces = piecesOf(words.map(({ length }) => length), window, Math.floor(window / 4))
  const x = pieces.map(({ of, start, end }) => tokensOf(tokenizer, words[of]!.slice(start, end)))
  const data = inBuckets(x, x, { batch })
  const scored = words.map(({ length }) => ({
    tags: Array.from({ length }, () => 0),
    logs: Array.from({ length }, () => new Float64Array(model.out.size)),
  }))
  for await (const { y, batch: { members = [] } } of predict(model, data)) {
    const rows = toNested(y) as number[][][]
    members.forEach((member, b) => {
      const { of, start, from, to } = pieces[member]!
      for (let word = from; word < to; word++) {
        const logs = logSoftmaxOf(rows[b]![word - start]!, 0, scored[of]!.logs[word]!)
        scored[of]!.tags[word] = indexOfLargest(logs)
      }
    })
  }
  return scored
}

/** Sentences whose tags spell spans in the scheme of a model. */
export const inSchemeOf = (sentences: readonly Sentence[], scheme: Scheme | undefined): readonly Sentence[] => {
  const given = schemeOf(sentences.map(({ tags }) => tags!))
  if (scheme === undefined || given === undefined || given === scheme) return sentences
  return sentences.map((each) => ({ ...each, tags: inScheme(each.tags!, scheme) }))
}

/** The baseline of tags: that which each word had most often. */
export const perWord = (train: readonly Sentence[], scheme: Scheme | undefined): Baseline<TaggedSentences> => {
  const tagsOf = mostFrequentTags(train)
  return {
    name: 'the most frequent tag of each word',
    measure({ sentences }) {
      const target = inSchemeOf(sentences, scheme).map(({ tags }) => tags!)
      const predicted = sentences.map(({ words }) => tagsOf(words))
      return scheme ? compareSpans(target, predicted).f1 : shareOfRight(predicted.flat(), target.flat())
    },
  }
}

/**
 * How well words are tagged, each counted once, and whole spans where tags spell some. The tags of the file are brought
 * to the scheme of the model first; one that the model has not learned counts as wrong.
 */
export const measureTags = (
  data: TaggedSentences, scored: readonly Scored[],
  { labels: known, scheme }: { readonly labels: readonly string[]; readonly scheme?: Scheme | undefined },
  baselines: readonly Baseline<TaggedSentences>[] = [],
): TaskMeasurement => {
  const sentences = inSchemeOf(data.sentences, scheme)
  const target = sentences.map(({ tags }) => tags!)
  const labels = [...known, ...[...new Set(target.flat())].filter((tag) => !known.includes(tag)).sort()]
  const numbers = new Map(labels.map((label, i) => [label, i]))
  const confusion = labels.map(() => labels.map(() => 0))
  let [loss, words] = [0, 0]
  target.forEach((tags, i) => tags.forEach((tag, t) => {
    const number = numbers.get(tag)!
    confusion[number]![scored[i]!.tags[t]!]!++
    if (number >= known.length) return
    loss -= scored[i]!.logs[t]![number]!
    words++
  }))
  const spans = scheme && compareSpans(target, scored.map(({ tags }) => tags.map((tag) => known[tag]!)))
  const verdict = verdictOn(spans ? spans.f1 : accuracyIn(confusion), baselines, data, {
    measure: spans ? 'F1 of spans' : 'accuracy', inWords: share,
  })
  const figures = describeLabels(loss / words, confusion, labels, spans ? undefined : verdict)
  const measured = {
    ...figures,
    pictures: async () => [
      spans ? verdict?.picture ?? '' : '', ...(await figures.pictures!()), mostWrong(sentences, scored, known),
    ],
  }
  if (!spans) return measured
  const given = sentences === data.sentences ? undefined : schemeOf(data.sentences.map(({ tags }) => tags!))
  const inWords = `F1 ${share(spans.f1)}, precision ${share(spans.precision)}, recall ${share(spans.recall)}`
  const rows = [...Object.entries(spans.types), ['all', spans] as const].map(
    ([type, { precision, recall, f1, count, predicted }]) => [
      type || 'any', share(precision), share(recall), share(f1), count, predicted,
    ],
  )
  return {
    figures: { ...measured.figures, scheme, spans, ...(given && { convertedFrom: given }), ...verdict?.figures },
    pictures: measured.pictures,
    ...(verdict && { verdict: verdict.text }),
    text: [
      `whole spans (${scheme}${given ? `; the file has ${given}` : ''}): ${inWords}`, '',
      table(['span', 'precision', 'recall', 'F1', 'count', 'predicted'], rows), '', `single tags: ${measured.text}`,
    ].join('\n'),
  }
}

const [shown, around] = [12, 6] // words that are listed, and how many of their sentence stand on both sides

/** The words with which a model was wrong and most certain, in their sentences, as a piece of HTML. */
const mostWrong = (sentences: readonly Sentence[], scored: readonly Scored[], labels: readonly string[]): string => {
  const all = sentences.flatMap(({ words, tags, line }, i) => words.flatMap((word, t) => {
    const predicted = scored[i]!.tags[t]!
    if (labels[predicted] === tags![t]) return []
    const [before, after] = [words.slice(Math.max(0, t - around), t), words.slice(t + 1, t + 1 + around)]
    const html = `<q>${escaped(before.join(' '))} <mark>${escaped(word)}</mark> ${escaped(after.join(' '))}</q>`
    const chance = Math.exp(scored[i]!.logs[t]![predicted]!)
    return [{ line, html, tag: tags![t]!, predicted: labels[predicted]!, chance }]
  }))
  return tableSection(
    'Most wrong', ['line', 'word', 'tag', 'predicted', 'confidence'],
    all.sort((a, b) => b.chance - a.chance).slice(0, shown)
      .map(({ line, html, tag, predicted, chance }) => [String(line), { html }, tag, predicted, share(chance)]),
    `Wrong with the highest confidence, of ${all.length} words.`,
  )
}
