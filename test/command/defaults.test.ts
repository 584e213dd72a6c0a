import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadModel } from '@recurra/formats/disk'
import { Sequential } from '@recurra/layers'
import { afterAll, describe, expect, it } from 'vitest'
import { recurra } from './recurra.ts'

const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const table = (name: string, rows: readonly (readonly string[])[]): string =>
  file(name, `text,label\n${rows.map((row) => row.join(',')).join('\n')}\n`)

// "good not" and "not good" are the same to who counts words, and not to who reads them in order.
const [first, second] = [['good not Bad', 'yes'], ['Bad not good', 'no']] as const
const mails = Array.from({ length: 120 }, (_, i) => (i % 2 ? first : second))
const kept = (run: string): { options: Record<string, string>; codec: Record<string, never>; measured: object } =>
  JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')) as never
const train = (data: string, run: string, ...flags: string[]) =>
  recurra('train', data, '--task', 'classify', '--threads', '1', '--steps', '80', '--out', run, '--force', ...flags)

describe('a classifier and its baselines', () => {
  const run = join(folder, 'mails')
  const data = table('mails.csv', mails)

  it('is better than naive Bayes where the order counts, and says so first; so does evaluate', async () => {
    const { code, out } = await train(data, run)
    expect(code).toBe(0)
    expect(out).toContain('1 x bidirectional gru(32)')
    const verdict = 'better than its baselines: accuracy 100.0 %, the best of them (naive Bayes) 50.0 %'
    expect(out).toContain(`\n${verdict}\n`)
    expect(kept(run)).toMatchObject({
      options: { cell: 'gru', layers: '1', hidden: '32', bidirectional: 'true', pool: 'mean', dropout: '0.3' },
      measured: { beatsBaselines: true, baselines: { 'naive Bayes': 0.5, 'always the most frequent label': 0.5 } },
    })
    const evaluated = await recurra('evaluate', run, table('other.csv', mails.slice(0, 20)))
    expect(evaluated.out.split('\n')[0]).toBe(verdict)
    table('mails.csv', [...mails, first])
    const without = await recurra('evaluate', run, join(folder, 'other.csv'))
    expect(without.out).toContain(`note: its baselines are not shown: ${data}`)
    expect((await loadModel(run)) instanceof Sequential).toBe(true)
  })

  it('that learns nothing says so in the first line of its result', async () => {
    const noise = table('noise.csv', mails.map(([text], i) => [text, i % 3 === 0 ? 'no' : 'yes']))
    const { json } = await train(noise, join(folder, 'noise'), '--json')
    expect(json.at(-1)).toMatchObject({ measured: { beatsBaselines: false } })
    const { out } = await recurra('evaluate', join(folder, 'noise'), noise)
    expect(out).toMatch(/^NOT better than its baselines: accuracy 66\.7 %/)
  })

  it('streams if it reads forward alone; options are kept, and what is chosen stands in the run', async () => {
    const run = join(folder, 'forward')
    const flags = ['--bidirectional', 'false', '--min-count', '61', '--lowercase', 'false', '--weight-decay', '0.1']
    const { code } = await train(table('more.csv', mails), run, ...flags)
    expect(code).toBe(0)
    const model = await loadModel(run) as Sequential
    using stream = model.stream()
    expect(stream.step(0).shape).toEqual([1, 2])
    expect(model.layers.map(({ type }) => type)).toEqual(['embedding', 'dropout', 'gru', 'dropout', 'last', 'dense'])
    expect(kept(run)).toMatchObject({
      options: { bidirectional: 'false', pool: 'last', 'weight-decay': '0.1' },
      codec: { input: { lowercase: false, tokenizer: { vocabulary: { symbols: ['Bad', 'good', 'not'] } } } },
    })
  })

  it('reads both ways with the flag alone, and pools as is said', async () => {
    const run = join(folder, 'both')
    const flags = ['--bidirectional', '--pool', 'last+mean', '--cell', 'lstm']
    const { code } = await train(join(folder, 'more.csv'), run, ...flags)
    expect(code).toBe(0)
    const model = await loadModel(run) as Sequential
    expect(model.blueprints.at(-2)).toMatchObject({ type: 'lastAndMeanPool', options: { bidirectional: true } })
    expect(() => model.stream()).toThrow('Leave out bidirectional')
  })

  it('is measured on another file, which must be the same when it resumes', async () => {
    const run = join(folder, 'apart')
    const other = table('validation.csv', mails.slice(0, 10))
    const { json } = await train(join(folder, 'more.csv'), run, '--validation', other, '--json')
    expect(json[0]!['about']).toBe(`120 rows of 2 classes (label), from text; measured on ${other}`)
    expect(json.at(-1)).toMatchObject({ measured: { labels: { yes: { count: 5 }, no: { count: 5 } } } })
    expect((await recurra('resume', run, '--steps', '90')).code).toBe(0)
    table('validation.csv', mails.slice(0, 12))
    expect((await recurra('resume', run, '--steps', '99')).err).toContain(
      'validation.csv: expected the file of --validation, as it was, got another one.')
  })

  it('refuses to be measured on what it learns from, under any name', async () => {
    const same = table('copy.csv', mails)
    const { code, err } = await train(table('original.csv', mails), join(folder, 'none'), '--validation', same)
    expect(code).toBe(2)
    expect(err).toContain('--validation: expected data that is not learned from')
  })

  it.each([
    [['--validation', 'a.csv', '--hold-out', '0.2'], '--validation: expected either --validation or --hold-out'],
    [['--bidirectional=perhaps'], 'perhaps'],
    [['--pool', 'max'], 'max'],
    [['--min-count', '0'], '--min-count: expected an integer of at least 1'],
    [['--weight-decay', '-1'], '--weight-decay: expected a number of at least 0'],
  ])('%j is an error of the command line', async (flags, message) => {
    const { code, err } = await train(join(folder, 'more.csv'), join(folder, 'none'), ...flags)
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(message) as string })
  })
})

it('a text is compared with an n-gram, tags with the most frequent of each word', async () => {
  const story = file('story.txt', 'Call me Ishmael. Some years ago, never mind how long precisely. '.repeat(20))
  const text = await recurra('train', story, '--steps', '8', '--threads', '1', '--out', join(folder, 'story'))
  expect(text.out).toMatch(
    /\nNOT better than its baseline: loss \d\.\d+ bits per character, 5-gram of characters 0\.\d+/)
  const wide = await recurra('train', story, '--bidirectional', 'true', '--out', join(folder, 'wide'))
  expect(wide.err).toContain('--bidirectional: expected a task that heeds it: classify, regress, tag, got generate')
  const sentences = Array.from({ length: 60 }, (_, i) => i % 2
    ? { tokens: ['they', 'run'], tags: ['P', 'V'] } : { tokens: ['the', 'run'], tags: ['D', 'N'] })
  const data = file('tags.jsonl', sentences.map((one) => JSON.stringify(one)).join('\n'))
  const tags = await recurra('train', data, '--task', 'tag', '--steps', '60', '--threads', '1', '--out',
    join(folder, 'tags'))
  expect(tags.out).toMatch(
    /\nbetter than its baseline: accuracy 100\.0 %, the most frequent tag of each word \d\d\.\d %\n/)
})
