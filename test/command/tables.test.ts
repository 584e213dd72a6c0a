import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Random } from 'recurra'
import { afterAll, expect, it } from 'vitest'
import { recurra } from './recurra.ts'

const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
afterAll(() => rmSync(folder, { recursive: true }))
const random = new Random(1)
const one = <T>(list: readonly T[]): T => list[random.integer(list.length)]!
const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))
const file = (name: string, lines: readonly string[]): string => {
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`)
  return join(folder, name)
}
const network = ['--hidden', '16', '--layers', '1']
const small = [...network, '--threads', '1', '--learning-rate', '0.02', '--epochs', '8', '--json']
const learned = async (table: string, task: string): Promise<string> => {
  const run = join(folder, task)
  expect(await recurra('train', table, '--task', task, ...small, '--out', run)).toMatchObject({ code: 0, err: '' })
  return run
}

it('learns classes from a CSV file, measures them and says them', async () => {
  const mood = { good: ['sunny', 'kind', 'lovely'], bad: ['rainy', 'rude', 'gray'] }
  const rows = times(120, () => one(['good', 'bad'] as const)).map(
    (label) => `"${one(['The day', 'It'])} is, well, ${one(mood[label])}.",${label}`,
  )
  const table = file('mood.csv', ['text,label', ...rows])
  const run = await learned(table, 'classify')
  const measured = await recurra('evaluate', run, table, '--json')
  expect(measured.json[0]!['accuracy']).toBeGreaterThan(0.95)
  const { json } = await recurra('predict', run, file('new.csv', ['text', 'so KIND of you', 'rude!']), '--json')
  expect(json).toMatchObject([{ line: 2, label: 'good' }, { line: 3, label: 'bad' }])
}, 60_000)

it('learns tags from a JSONL file, and says them word by word', async () => {
  const word = (): readonly string[] =>
    random.uniform() < 0.3 ? ['Mr', one(['Kim', 'Lee'])] : [one(['sees', 'dog', 'the'])]
  const sentences = times(120, () => times(4, word).flat())
  const tagged = sentences.map((tokens) => ({
    tokens,
    tags: tokens.map((_, i) => (tokens[i - 1] === 'Mr' ? 'NAME' : 'O')),
  }))
  const run = await learned(file('tags.jsonl', tagged.map((each) => JSON.stringify(each))), 'tag')
  const { out } = await recurra('predict', run, file('new.jsonl', ['{"tokens":["the","dog","sees","Mr","Kim"]}']))
  expect(out).toBe('the\tO\ndog\tO\nsees\tO\nMr\tO\nKim\tNAME\n\n')
}, 60_000)

it.each([
  [
    'too few rows',
    ['--task', 'classify', '--label', 'a'],
    1,
    'expected enough rows to measure on, got 2, and --hold-out 0.1.',
  ],
  [
    'a label that is not there',
    ['--task', 'classify', '--label', 'kind'],
    2,
    '--label: expected one of the columns a, b, got kind.',
  ],
  ['only one label', ['--task', 'classify', '--label', 'b'], 1, 'expected at least two labels'],
  ['a text', ['--task', 'forecast', '--columns', 'a'], 1, 'line 2, a: expected a number, got "x"'],
])('%s is refused in one line', async (_, words, code, why) => {
  const ended = await recurra('train', file('bad.csv', ['a,b', 'x,1', 'y,1']), ...words, '--out', join(folder, 'bad'))
  expect({ ...ended, err: ended.err.split('\n')[0] }).toMatchObject({
    code,
    out: '',
    err: expect.stringContaining(why) as string,
  })
})

it('a folder without a name is a mistake of usage', async () => {
  const ended = await recurra(
    'train',
    file('story.txt', Array.from({ length: 60 }, () => 'the quick brown fox')),
    '--out',
    '',
  )
  expect(ended).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('--out: expected a path, got nothing. See --help.') as string,
  })
})
