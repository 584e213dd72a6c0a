/**
 * The table of docs/guides/the-command.md: what `recurra train` does without a flag, beside its baselines and the time
 * of a plain network (two LSTM layers of 128 units). Not a test: it takes many minutes, and fetches npm packages.
 *
 *     npx tsx --conditions=@recurra/source test/tasks/defaults.ts            all rows, seeds 1 2 3
 *     npx tsx --conditions=@recurra/source test/tasks/defaults.ts tags 1     a row of the table; a seed, which also
 *                                                                            draws the split; flags of train
 */
import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { table } from 'recurra/terminal'
import { alone, folder, recurra, splitOf } from './command.ts'
import { mails, messages, opinions, packages, speeches, tagged } from './data.ts'

const [only, one, ...flags] = process.argv.slice(2)
const seeds = one === undefined ? [1, 2, 3] : [Number(one)]
const compared = seeds[0] // the seed with which a plain network is trained, too, as that takes the most time
const plain = [
  '--cell', 'lstm', '--layers', '2', '--hidden', '128', '--embedding', '64', '--dropout', '0', '--batch', '32',
  '--learning-rate', '0.003', '--epochs', '20', '--patience', '4',
]

const percent = (share: number | undefined): string => `${(100 * share!).toFixed(1)} %`
type Row = (seed: number) => string[]

/** A row of the table: a task on a part of the data, measured on the rest. */
const learned = (name: string, data: readonly object[], tested: number, task: string, both: string): Row => (seed) => {
  const { train, test } = splitOf(name, data, tested, seed)
  const shared = ['train', train, '--task', task, '--seed', String(seed), ...alone, '--force', '--out']
  const [ours, usual] = [join(folder, 'ours'), join(folder, 'plain')]
  const { seconds } = recurra(...shared, ours, ...flags)
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
  const train = (...more: readonly string[]) => recurra(
    'train', file, '--seed', String(seed), ...alone, ...flags, ...more, '--force', '--out', join(folder, 'text'),
  )
  const inWords = (bits: number | undefined): string => `${bits!.toFixed(3)} bits`
  const [ours, usual] = [train(), seed === compared ? train('--optimizer', 'adam') : undefined]
  const best = Object.values(ours.result.baselines!)[0]!
  return [
    inWords(best), inWords(ours.result.bits), (best - ours.result.bits!).toFixed(3), `${ours.seconds.toFixed(0)} s`,
    ...(usual ? [inWords(usual.result.bits), `${usual.seconds.toFixed(0)} s`] : ['', '']),
  ]
}

const rows: Readonly<Record<string, () => Row>> = {
  spam: () => learned('mails.jsonl', mails(folder), 907, 'classify', 'false'),
  tags: () => learned('tags.jsonl', tagged(folder), 600, 'tag', 'true'),
  polarity: () => learned('opinions.jsonl', opinions(folder), 1350, 'classify', 'false'),
  korean: () => written(messages(folder, 'ko')),
  german: () => written(messages(folder, 'de')),
  speeches: () => written(speeches(folder)),
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
