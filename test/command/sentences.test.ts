import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recurra } from './recurra.ts'

const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const small = ['--hidden', '16', '--layers', '1', '--threads', '1', '--learning-rate', '0.02', '--json']
const sentences = [['Kim', 'sleeps', '.'], ['Ada', 'runs', 'in', 'Oslo', '.'], ['we', 'saw', 'Bo', '.']]
const types: { readonly [word: string]: string } = { Kim: 'PER', Ada: 'PER', Bo: 'PER', Oslo: 'LOC' }
const many = Array.from({ length: 60 }, (_, i) => sentences[i % 3]!)

describe('a run that learned from CoNLL-2003, in IOB1', () => {
  const run = join(folder, 'names')
  beforeAll(async () => {
    const lines = many.map((words) =>
      words.map((word) => `${word} NN I-NP ${types[word] ? `I-${types[word]}` : 'O'}\r\n`).join(''),
    )
    const table = file('a.conll', `-DOCSTART- -X- -X- O\r\n\r\n${lines.join('\r\n')}`)
    const { code, err, json } = await recurra('train', table, '--task', 'tag', ...small, '--steps', '60', '--out', run)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(json[0]!['about']).toBe(
      '60 sequences of CoNLL of 4 columns, 3 tags (ner, spans in IOB1); 6 sequences to measure on',
    )
    expect(json.at(-1)).toMatchObject({
      measured: { accuracy: 1, scheme: 'IOB1', spans: { f1: 1, precision: 1, recall: 1 } },
    })
  })

  it('is what a file of CoNLL is for, where no task is given', async () => {
    const { code, err } = await recurra('train', join(folder, 'a.conll'), '--out', join(folder, 'none'))
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('Try --task tag; or') as string })
  })

  it.each([
    ['lists', 'b.jsonl', '{"tokens":["Ada","saw","Oslo"]}\n{"tokens":["Bo"]}\n', []],
    ['rows for words', 'c.csv', 'sentence,word\n1,Ada\n,saw\n,Oslo\n2,Bo\n', []],
    [
      'rows in columns of other names', 'd.csv', 'nr,w\n1,Ada\n1,saw\n1,Oslo\n2,Bo\n',
      ['--text', 'w', '--sequence', 'nr'],
    ],
    ['words alone', 'e.txt', 'Ada\nsaw\nOslo\n\nBo\n', []],
    [
      'CoNLL-U',
      'f.conllu',
      ['1\tAda', '2\tsaw', '3\tOslo', '', '1\tBo'].map((line) => line && `${line}${'\t_'.repeat(8)}`).join('\n'),
      [],
    ],
  ])('tags %s', async (_, name, text, words) => {
    const { code, out, err } = await recurra('predict', run, file(name, text), ...words)
    expect({ code, out, err }).toEqual({ code: 0, out: 'Ada\tI-PER\nsaw\tO\nOslo\tI-LOC\n\nBo\tI-PER\n\n', err: '' })
  })

  it('says which word of a line is read where a file of plain sentences is taken for CoNLL', async () => {
    const { code, out, err } = await recurra('predict', run, file('h.txt', 'Ada saw Oslo .\nBo saw Kim .\n'))
    expect({ code, out }).toEqual({ code: 0, out: 'Ada\tI-PER\nBo\tI-PER\n\n' })
    expect(err).toContain(
      'read as CoNLL, one word per line: of line 1, "Ada" is the word, and "saw", "Oslo", "." are columns beside it',
    )
  })

  it('is measured on IOB2, on each word once, and says what it has not learned', async () => {
    const rows = [
      { tokens: ['Kim', 'runs', 'in', 'Oslo', '.'], tags: ['B-PER', 'O', 'O', 'B-LOC', 'O'] },
      { tokens: ['Ada', 'Bo', '.'], tags: ['B-PER', 'I-PER', ' B-NEW '] },
    ]
    const other = file('g.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'))
    const { json } = await recurra('evaluate', run, other, '--json')
    expect(json).toMatchObject([{
      accuracy: 7 / 8, convertedFrom: 'IOB2', newTags: { count: 1, of: 8, tags: ['I-NEW'] },
      spans: { precision: 1, recall: 3 / 4, count: 4, predicted: 3, right: 3, types: { PER: { count: 2, f1: 1 } } },
    }])
    const { out } = await recurra('evaluate', run, other)
    expect(out).toMatch(
      /^NOT better than its baseline: F1 of spans 85\.7 %, the most frequent tag of each word 85\.7 %\n/)
    expect(out).toMatch(/\nwhole spans \(IOB1; the file has IOB2\): F1 85\.7 %, precision 100\.0 %, recall 75\.0 %\n/)
    expect(out).toMatch(/single tags: accuracy 87\.5 %/)
  })

  it.each([
    [
      'an empty tag',
      'h.jsonl',
      '{"tokens":["a","b"],"tags":["O","O"]}\n{"tokens":["a"],"tags":[" "]}',
      'h.jsonl, line 2, tags: expected a tag, got nothing.',
    ],
    [
      'a row of other columns',
      'i.conll',
      'a O\nb\n',
      'i.conll, line 2: expected 2 columns, as most lines have, got 1.',
    ],
    [
      'tags of another kind',
      'j.jsonl',
      '{"tokens":["a"],"tags":["NOUN"]}',
      'expected some that the model knows: I-LOC, I-PER, O, got only others: NOUN. Say with --label',
    ],
  ])('%s is an error', async (_, name, text, why) => {
    expect(await recurra('evaluate', run, file(name, text))).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining(why) as string,
    })
  })
})

it('tags every word of long sentences, with a window, too', async () => {
  const long = Array.from({ length: 20 }, () =>
    Array.from({ length: 400 }, (_, i) => `w${i % 7} ${i % 7 === 3 ? 'B-X' : 'O'}\n`).join(''),
  ).join('\n')
  const table = file('long.conll', long)
  for (const [name, words, pieces] of [
    ['whole', [], []],
    ['pieces', ['--window', '30'], [{ cut: { sequences: 20, of: 20, limit: 30, longest: 400 } }]],
  ] as const) {
    const { code, json } = await recurra(
      'train',
      table,
      '--task',
      'tag',
      ...small,
      '--steps',
      '30',
      ...words,
      '--out',
      join(folder, name),
    )
    expect({ code, notes: json[0]!['notes'] }).toMatchObject({ code: 0, notes: pieces })
    const { out } = await recurra('predict', join(folder, name), table)
    expect(out).toBe(`${long.replaceAll(' ', '\t')}\n`)
  }
})

it('classifies by what comes at the end of a long sequence', async () => {
  const late = (i: number, sign: number): number[] =>
    Array.from({ length: 300 }, (_, t) => (t === 299 ? sign : 0.1 * Math.sin(t * 1.7 + i)))
  const rows = Array.from({ length: 30 }, (_, i) =>
    JSON.stringify({ x: late(i, i % 2 ? 1 : -1), label: i % 2 ? 'up' : 'down' }),
  )
  const [table, run] = [file('late.jsonl', rows.join('\n')), join(folder, 'late')]
  const learn = ['train', table, '--task', 'classify', ...small]
  expect(await recurra(...learn, '--steps', '60', '--out', run)).toMatchObject({ code: 0, err: '' })
  const pair = file('pair.jsonl', [1, -1].map((sign) => JSON.stringify({ x: late(0, sign) })).join('\n'))
  expect((await recurra('predict', run, pair, '--json')).json).toMatchObject([{ label: 'up' }, { label: 'down' }])
  const { json } = await recurra(...learn, '--steps', '2', '--window', '100', '--out', join(folder, 'cut'))
  expect(json[0]).toMatchObject({ notes: [{ cut: { sequences: 30, of: 30, limit: 100, longest: 300 } }] })
  const { err } = await recurra('predict', join(folder, 'cut'), pair)
  expect(err).toBe(
    'note: 2 of 2 rows are longer than 100 (the longest 300): the first 100 steps of each are read (--window)\n',
  )
  expect(JSON.parse(readFileSync(join(folder, 'cut', 'run.json'), 'utf8'))).toMatchObject({
    notes: [expect.stringContaining('30 of 30 rows') as string],
  })
})

it('says what is not known of texts to classify, row by row, in any Unicode form', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => (i % 2 ? '정말 좋은 é,good' : '너무 별로,bad'))
  const run = join(folder, 'korean')
  await recurra(
    'train',
    file('ko.csv', `text,label\n${rows.join('\n')}\n`.normalize('NFC')),
    '--task',
    'classify',
    ...small,
    '--steps',
    '60',
    '--out',
    run,
  )
  const other = file('ko-nfd.csv', 'text,label\n정말 좋은 é,good\n너무 새 별로,bad\n'.normalize('NFD'))
  const { json, err } = await recurra('predict', run, other, '--json')
  expect(json).toMatchObject([{ label: 'good', unknown: 0 }, { label: 'bad', unknown: 1 }])
  expect(JSON.parse(err)).toMatchObject({ event: 'note', unknown: { count: 1, of: 6, symbols: { 새: 1 } } })
  expect((await recurra('evaluate', run, other, '--json')).json).toMatchObject([
    { accuracy: 1, unknown: { count: 1, of: 6 } },
  ])
})
