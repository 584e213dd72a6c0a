import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { recurra } from './recurra.ts'

const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string): string => join(folder, name)
const file = (name: string, lines: readonly string[]): string => {
  writeFileSync(at(name), `${lines.join('\n')}\n`)
  return at(name)
}
const small = ['--hidden', '16', '--layers', '1', '--threads', '1', '--learning-rate', '0.02', '--force', '--json']
const times = <T>(length: number, make: (i: number) => T): T[] => Array.from({ length }, (_, i) => make(i))

/** Four features that tell `up` from `down`, in points or decimal commas, with a date beside them. */
const features = (comma: boolean, gap?: string): string[] => times(120, (i) => {
  const cells = times(4, (j) => ((i % 2 ? j : 3 - j) + Math.sin(i * 1.3 + j) / 4).toFixed(2))
  if (gap !== undefined && i === 20) cells[2] = gap
  const row = [
    `2024-0${1 + (i % 9)}-1${i % 10}`,
    ...cells.map((cell) => (comma ? cell.replace('.', ',') : cell)),
    i % 2 ? 'up' : 'down',
  ]
  return row.join(comma ? ';' : ',')
})

describe('features beside a date', () => {
  it('are all read, with decimal commas as with points, and the date is named', async () => {
    const points = file('points.csv', ['date,a,b,c,d,label', ...features(false)])
    const commas = file('commas.csv', ['sep=;', 'date;a;b;c;d;label', ...features(true)])
    const [one, two] = [at('one'), at('two')]
    const trained = await recurra('train', points, '--task', 'classify', ...small, '--steps', '40', '--out', one)
    expect(trained).toMatchObject({ code: 0, err: '' })
    expect(trained.json[0]).toMatchObject({ leftOut: [{ column: 'date', reason: 'a date' }] })
    await recurra('train', commas, '--task', 'classify', ...small, '--steps', '40', '--out', two)
    const record = JSON.parse(readFileSync(join(one, 'run.json'), 'utf8')) as Record<string, Record<string, unknown>>
    expect(record['leftOut']).toEqual([{ column: 'date', reason: 'a date' }])
    expect(record['measured']!['accuracy']).toBe(1)
    expect(readFileSync(join(one, 'report.html'), 'utf8')).toContain('left out: date, a date')
    const said = await Promise.all(
      [[one, points], [one, commas], [two, points]].map((words) => recurra('predict', ...(words as [string, string]))),
    )
    const values = said.map(({ out }) => out.split('\n').map((line) => line.split('\t').slice(1).join()))
    expect(values[1]).toEqual(values[0])
    expect(values[2]).toEqual(values[0])
  })

  it('and labels that differ in spelling alone are pointed out', async () => {
    const spelled = features(false).map((row, i) => (i % 6 === 1 ? row.replace('up', 'Up') : row))
    const alike = file('alike.csv', ['date,a,b,c,d,label', ...spelled])
    const { json } = await recurra('train', alike, '--task', 'classify', ...small, '--steps', '2', '--out', at('alike'))
    expect(json[0]).toMatchObject({ notes: [{ alike: ['Up', 'up'] }] })
  })

  it('of which one is missing: an error with line and column, or its row is left out', async () => {
    const gaps = file('gaps.csv', ['date,a,b,c,d,label', ...features(false, 'NA')])
    const words = ['train', gaps, '--task', 'classify', ...small, '--steps', '20', '--out', at('gaps')]
    expect(await recurra(...words)).toMatchObject({
      code: 1,
      err: expect.stringContaining('gaps.csv, line 22, c: expected a number, got "NA"') as string,
    })
    const { json } = await recurra(...words, '--missing', 'drop')
    expect(json[0]).toMatchObject({ notes: [{ dropped: { rows: 1, of: 120 } }] })
    const { out, err } = await recurra('predict', at('gaps'), gaps)
    expect(out.split('\n')[20]).toBe('22\t\t')
    expect(out.trim().split('\n')).toHaveLength(120)
    expect(err).toContain('1 of 120 rows left out, because a value is missing (line 22)')
  })
})

describe('quantities', () => {
  const table = times(150, (i) => {
    const inputs = times(3, (j) => Number(Math.sin(i * 1.3 + 2 * j).toFixed(2)))
    return [
      ...inputs,
      (100 + 5 * (inputs[0]! + inputs[2]!)).toFixed(1),
      (1e9 + Math.round(100 * inputs[1]!)).toFixed(0),
    ].join(',')
  })

  it('are predicted, several of them, with the digits that the data has', async () => {
    const machines = file('machines.csv', ['a,b,c,torque,power', ...table])
    const words = [
      '--task',
      'regress',
      '--label',
      'torque',
      '--label',
      'power',
      ...small,
      '--epochs',
      '60',
      '--out',
      at('machines'),
    ]
    expect(await recurra('train', machines, ...words)).toMatchObject({ code: 0, err: '' })
    const { json } = await recurra('evaluate', at('machines'), machines, '--json')
    const { torque, power } = json[0]!['targets'] as Record<string, Record<string, number>>
    expect([torque!['r2']! > 0.9, power!['r2']! > 0.9]).toEqual([true, true])
    expect(power!['rmse']!).toBeLessThan(30)
    const { out } = await recurra('predict', at('machines'), machines)
    expect(out).toMatch(/^line\ttorque\tpower\n2\t1?\d\d\.\d\t\d{9,10}\n/)
  })

  it('as classes come with a hint, and a table without a task with an error that names it', async () => {
    const one = file('one.csv', ['a,target', ...times(60, (i) => `${(i % 7) / 2},${(i % 30) / 10}`)])
    const { json } = await recurra('train', one, '--task', 'classify', ...small, '--steps', '5', '--out', at('hint'))
    expect(json[0]).toMatchObject({
      notes: [{ note: expect.stringContaining('to predict a quantity: --task regress') as string }],
    })
    const ended = await recurra('train', one, '--out', at('none'))
    expect(ended).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('Try --task regress; or --task generate') as string,
    })
  })
})

it('texts are read from Latin-1, UTF-16 and JSON; labels are trimmed, and an empty one is an error', async () => {
  const mails = times(80, (i) => (i % 2 ? [`win a prize ${i} café`, 'spam '] : [`see you at ${i}`, ' ham']))
  const text = ['text,label', ...mails.map((mail) => mail.join(','))].join('\n')
  writeFileSync(at('latin1.csv'), Buffer.from(text, 'latin1'))
  writeFileSync(at('utf16.csv'), Buffer.from(`\uFEFF${text}`, 'utf16le'))
  const lines = mails.map(([words, label]) => JSON.stringify({ data: { text: words!.split(' ') }, meta: { label } }))
  const train = ['--task', 'classify', ...small, '--steps', '20', '--out', at('mails')]
  expect((await recurra('train', at('latin1.csv'), ...train)).json[0]).toMatchObject({
    notes: [{ encoding: 'windows-1252' }],
  })
  expect((await recurra('train', at('latin1.csv'), '--encoding', 'latin1', ...train)).json[0]).toMatchObject({
    notes: [],
  })
  expect((await recurra('train', at('latin1.csv'), '--encoding', 'utf-8', ...train)).err).toContain(
    'latin1.csv: expected a text in utf-8, got invalid bytes. Choose another --encoding',
  )
  expect((await recurra('train', at('latin1.csv'), '--horizon', '3', ...train)).err).toContain(
    '--horizon: expected a task that heeds it: forecast, got classify.',
  )
  expect((await recurra('train', at('utf16.csv'), ...train)).json[0]).toMatchObject({
    notes: [],
    about: expect.stringContaining('2 classes') as string,
  })
  expect(
    await recurra('train', file('nested.jsonl', lines), ...train, '--text', 'data.text', '--label', 'meta.label'),
  ).toMatchObject({ code: 0 })
  expect((await recurra('train', file('empty.csv', [...text.split('\n'), 'no label,']), ...train)).err).toContain(
    'empty.csv, line 82, label: expected a label, got nothing.',
  )
})
