import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { numbersIn } from './columns.ts'
import { readTable } from './read-table.ts'
import { sentencesIn } from './sentences.ts'
import { symbolsOf } from './symbols.ts'
import { columnNamed } from './table.ts'

const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

it.each([
  ['3.00,2.21,down\n1.5,2.5,up\n', [/the first line names the columns, 3.00, 2.21 among them/]],
  ['400.5,410.5,label\n1.5,2.5,up\n', [/400.5, 410.5 among them/]],
  ['a,b2,label\n1.5,2.5,up\n', []],
])('a first line that may be a row is pointed out: %o', (content, notes) => {
  expect(readTable(file('first.csv', content)).notes!.map(({ text }) => text)).toEqual(
    notes.map((note) => expect.stringMatching(note)),
  )
})

describe('a table', () => {
  it.each([
    ['commas, quotes, a byte order mark', 'a.csv', '\uFEFFtext,label\r\n"one, ""two""\nthree",x\r\n\r\nfour,y\r\n'],
    ['semicolons', 'b.csv', 'text;label\n"one, ""two""\nthree";x\nfour;y\n'],
    ['tabs', 'c.tsv', 'text\tlabel\n"one, ""two""\nthree"\tx\nfour\ty\n'],
    ['bars', 'ba.csv', 'text|label\n"one, ""two""\nthree"|x\nfour|y\n'],
    ['what a first line says', 'se.csv', 'sep=|\r\ntext|label\r\n"one, ""two""\nthree"|x\nfour|y\n'],
    ['a list of objects', 'li.json', '[{"text":"one, \\"two\\"\\nthree","label":"x"},\n{"text":"four","label":"y"}]'],
    ['lists of columns', 'co.json', '{"text": ["one, \\"two\\"\\nthree", "four"], "label": ["x", "y"]}'],
    ['lines of JSON', 'd.jsonl', '{"text":"one, \\"two\\"\\nthree","label":"x"}\n\n{"text":"four","label":"y"}\n'],
  ])('is read from %s', (_, name, content) => {
    const { columns, rows } = readTable(file(name, content))
    expect(columns).toEqual(['text', 'label'])
    expect(rows.map(({ values }) => values)).toEqual([
      { text: 'one, "two"\nthree', label: 'x' },
      { text: 'four', label: 'y' },
    ])
  })

  it('has the columns of all lines of JSON, and what is in objects by its path', () => {
    const lines = ['{"data":{"text":"a"}}', '{"data":{"text":null},"meta":{"label":"x","n":[1]}}']
    const { columns, rows } = readTable(file('ne.jsonl', lines.join('\n')))
    expect(columns).toEqual(['data.text', 'meta.label', 'meta.n'])
    expect({ ...rows[1]!.values }).toEqual({ 'data.text': null, 'meta.label': 'x', 'meta.n': [1] })
    expect({ ...rows[0]!.values }).toEqual({ 'data.text': 'a' })
  })

  it('of lists of numbers has columns by their places', () => {
    const table = readTable(file('ar.json', '[[0.1, 2], [0.3, null], [0.5, 1]]'))
    expect(table.columns).toEqual(['1', '2'])
    expect(() => numbersIn(table, '2')).toThrow('ar.json, row 2, 2: expected a number, got nothing.')
    expect(readTable(file('va.json', '[1, 2.5]')).rows.map(({ values }) => values['value'])).toEqual([1, 2.5])
  })

  it('takes the names of columns from the first of several lists, where it holds some', () => {
    const named = readTable(file('na.json', '[["day", "temp"], ["2024-01-01", 3.5], ["2024-01-02", null]]'))
    expect(named).toMatchObject({ columns: ['day', 'temp'], counts: 'row', notes: [] })
    expect(named.rows[0]).toEqual({ line: 2, values: { day: '2024-01-01', temp: 3.5 } })
    const texts = readTable(file('nt.json', '[["text", "label"], ["good", "pos"], ["bad", "neg"], ["so so", "pos"]]'))
    expect(texts).toMatchObject({ columns: ['text', 'label'], notes: [{ figures: { namedByRow: 2 } }] })
    const rows = readTable(file('nr.json', '[["good", "pos"], ["bad", "neg"], ["fine", "pos"]]'))
    expect([rows.columns, rows.rows.length]).toEqual([['1', '2'], 3])
    const years = readTable(file('ny.json', '[["2019", "2020"], [1.5, 2], [3, 4]]'))
    expect([years.columns, years.rows.length]).toEqual([['2019', '2020'], 2])
    expect(readTable(file('nn.json', '[["1", "2"], ["3", "4"]]')).rows).toHaveLength(2)
    const split = '{"columns": ["a", "b"], "index": [0, 1], "data": [[1, "x"], [2, "y"]]}'
    expect(readTable(file('ns.json', split)).columns).toEqual(['a', 'b'])
    expect(() => readTable(file('nl.json', '[["a", "b"], [1, 2], [1, 2, 3]]'))).toThrow(
      'nl.json, row 3: expected at most 2 values, one for each column, got 3.',
    )
    expect(() => readTable(file('nd.json', '[["a", "a"], [1, 2]]'))).toThrow(
      'columns with names of their own, got "a" twice',
    )
  })

  it.each([
    ['quoted commas in the header', '"warmth, °C";"wind, m/s, mean"\n1,5;2\n', ['warmth, °C', 'wind, m/s, mean']],
    ['commas in the header', 'warmth, °C;wind, m/s, mean\n1.5;2\n3;4\n', ['warmth, °C', 'wind, m/s, mean']],
    ['one column of decimal commas', 'Wert\n1,5\n2,5\n3\n', ['Wert']],
    ['an index without a name, and an end with a delimiter', ',a,\n0,5,\n', ['column 1', 'a', 'column 3']],
    ['years as names', '2019,2020\n1,2\n', ['2019', '2020']],
  ])('has its columns with %s', (_, content, columns) => {
    expect(readTable(file('hc.csv', content)).columns).toEqual(columns)
  })

  it('that is not UTF-8 says as what it was read', () => {
    writeFileSync(join(folder, 'w.csv'), Buffer.from('text,label\ncaf\xe9,a\n', 'latin1'))
    const { rows, notes } = readTable(join(folder, 'w.csv'))
    const note = 'read as windows-1252 (Latin-1), because it is not UTF-8'
    expect([rows[0]!.values['text'], notes![0]!.text]).toEqual(['café', note])
  })

  it.each([
    [
      'rows of other lengths',
      'e.csv',
      'a,b\n1,2\n1,2,3\n',
      'e.csv, line 3: expected as many cells as the first line has, got 3. ',
    ],
    [
      'a quote that does not end',
      'f.csv',
      'a,b\n1,2\n1,"2\n3,4\n5,6\n',
      'f.csv, line 3: expected a quote that is closed',
    ],
    ['a quote within a cell', 'q.csv', 'a,b\n1,2 "x" 3\n', 'q.csv, line 2: expected quotes around a whole cell'],
    [
      'a quote that ends within a cell',
      'r.csv',
      'a,b\n1,"2" 3\n',
      'r.csv, line 2: expected quotes around a whole cell',
    ],
    ['two columns of one name', 'g.csv', 'a,a\n1,2\n', '"a" twice'],
    ['a header alone', 'h.csv', 'a,b\n', 'expected rows, got none'],
    ['what is no JSON', 'i.jsonl', '{"a":1}\n{"a":\n', 'line 2: expected an object'],
    ['a list', 'j.jsonl', '[1]\n', 'line 1: expected an object'],
    ['numbers in place of names', 'nn.csv', '0.5,1\n0.7,2\n', 'first line, got numbers alone: 0.5, 1. Put a line'],
    ['a line too much after sep=', 'sp.csv', 'sep=;\na;b\n1;2\n1;2;3\n', 'sp.csv, line 4: expected as many cells'],
    ['one object', 'ob.json', '{"a": 1,\n "b": 2}', 'expected a list of objects, or an object of lists, one'],
    ['lists of other lengths', 'ol.json', '{"a": [1], "b": [1, 2]}', 'expected lists of one length, got 1, 2.'],
    ['two values for one path', 'tp.jsonl', '{"a.b":1,"a":{"b":2}}\n{}', 'line 1: expected one value for each path'],
    ['another ending', 'k.xlsx', 'x', 'expected a table: .csv'],
  ])('with %s is refused', (_, name, content, why) => {
    expect(() => readTable(file(name, content))).toThrow(why)
  })

  it('has columns by their usual names, or by those that are given', () => {
    const table = readTable(file('l.csv', 'Label,v\na,1\nb,x\n'))
    expect(columnNamed(table, 'label', undefined, ['class', 'label'])).toBe('Label')
    expect(columnNamed(table, 'label', 'v', [])).toBe('v')
    expect(() => columnNamed(table, 'label', 'w', [])).toThrow('--label: expected one of the columns Label, v, got w.')
  })
})

it('sentences are lists, or rows that follow each other, or lines between empty ones', () => {
  const expected = [{ words: ['a', 'b'], tags: ['X', 'Y'] }, { words: ['c'], tags: ['X'] }]
  const columns = { token: 'token', tag: 'tag', sequence: 'sequence' }
  expect(
    sentencesIn(readTable(file('m.jsonl', '{"token":["a","b"],"tag":["X","Y"]}\n{"token":["c"],"tag":["X"]}')), {
      token: 'token',
      tag: 'tag',
    }),
  ).toMatchObject(expected)
  expect(sentencesIn(readTable(file('n.csv', 'sequence,token,tag\n1,a,X\n1,b,Y\n2,c,X\n')), columns)).toMatchObject(
    expected,
  )
  expect(sentencesIn(readTable(file('o.conll', 'a N X\nb V Y\n\nc N X\n')), columns)).toMatchObject(expected)
  expect(() =>
    sentencesIn(readTable(file('p.jsonl', '{"token":["a","b"],"tag":["X"]}')), { token: 'token', tag: 'tag' }),
  ).toThrow('line 1, tag: expected a list of 2')
})

it('a text to be understood is words in lower case, and marks', () => {
  const expected = ["don't", 'pay', '5', '$', ',', 'zoë', '!']
  expect(symbolsOf({ kind: 'words', normalize: 'NFC', lowercase: true }, "Don't PAY 5$, ZoE\u0308!")).toEqual(expected)
  expect(symbolsOf({ kind: 'words', normalize: 'none', lowercase: true }, "Don't PAY 5$, Zoë!")).toEqual(expected)
  expect(symbolsOf({ kind: 'characters', normalize: 'NFC', lowercase: false }, 'É E\u0301')).toEqual(['É', ' ', 'É'])
  expect(symbolsOf({ kind: 'words', normalize: 'NFC', lowercase: false }, 'Do PAY')).toEqual(['Do', 'PAY'])
})
