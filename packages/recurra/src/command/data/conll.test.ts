import { describe, expect, it } from 'vitest'
import { readConll, readConllU } from './conll.ts'

const wordsOf = (text: string, column: string, read = readConll): string[] => {
  const { rows } = read(text, 'f.conll')
  const sentences: string[][] = []
  for (const { values } of rows) (sentences[Number(values['sequence']) - 1] ??= []).push(String(values[column]))
  return sentences.map((words) => words.join(' '))
}
const row = (id: string, form: string, upos: string): string =>
  [id, form, '_', upos, 'X', '_', '0', 'dep', '_', '_'].join('\t')

describe('CoNLL-U', () => {
  const text = [
    '# sent_id = 1', '# text = a b', row('1-2', 'ab', '_'), row('1', 'New York', 'NOUN'), row('2', '#', 'SYM'),
    row('2.1', 'c', 'VERB'), '', '# newdoc', row('1', 'd', 'X'), '',
  ].join('\n')
  it('has ten columns with names, words alone, and words with spaces', () => {
    const table = readConll(text, 'f.conll')
    expect(table.columns.join(' ')).toBe('ID FORM LEMMA UPOS XPOS FEATS HEAD DEPREL DEPS MISC sequence')
    expect(table).toMatchObject({ dialect: 'CoNLL-U', skipped: { ranges: 1, emptyNodes: 1 } })
    const { rows } = table
    expect(rows.map(({ line, values }) => [line, values['FORM'], values['UPOS'], values['sequence']])).toEqual([
      [4, 'New York', 'NOUN', '1'], [5, '#', 'SYM', '1'], [9, 'd', 'X', '2'],
    ])
    expect(wordsOf(text.replaceAll('\n', '\r\n'), 'FORM', readConllU)).toEqual(['New York #', 'd'])
  })

  it('Plus names its columns in the first line', () => {
    const plus = '# global.columns = ID FORM NER\n1\ta\tO\n2-3\tbc\t_\n2\tb\tO\n3\tc\tB-X\n'
    expect(readConll(plus, 'f').columns).toEqual(['ID', 'FORM', 'NER', 'sequence'])
    expect(wordsOf(plus, 'NER')).toEqual(['O O B-X'])
    const why = 'f, line 2: expected the 2 columns that the first line names, got 3'
    expect(() => readConll('# global.columns = ID FORM\n1\ta\tO\n', 'f')).toThrow(why)
  })

  it('by its ending must have ten columns', () => {
    expect(() => readConllU('a O\n', 'f.conllu')).toThrow('f.conllu, line 1: expected the ten columns of CoNLL-U')
  })
})

it('CoNLL-2003 has marks between documents, and columns with numbers and names', () => {
  const text =
    '-DOCSTART- -X- -X- O\r\n\r\nEU NNP I-NP I-ORG\r\n. . O O\r\n\r\n-DOCSTART- -X- -X- O\r\nBo NNP I-NP I-PER\r\n'
  expect(readConll(text, 'f').columns).toEqual(['token', 'pos', 'chunk', 'ner', 'sequence'])
  expect(wordsOf(text, 'ner')).toEqual(['I-ORG O', 'I-PER'])
})

it.each([
  ['a column of numbers before the words', '# source\n1 a O\n2 b O\n\n1 c O\n', 'token', ['a b', 'c']],
  ['that column from 0', '0\ta\tO\n1\tb\tO\n', 'token', ['a b']],
  ['words with spaces in a file with tabs', 'New York\tB-LOC\nis\tO\n', 'token', ['New York is']],
  ['columns aligned by tabs', 'a\t\tO\nlonger\tO\n', 'tag', ['O O']],
  ['a word # within and before others', '# NN O\na NN O\n# NN O\n', 'token', ['# a #']],
  ['comments before sentences', '# id 7 domain=en\na _ _ O\n\n# text: b c d\nb _ _ O\n', 'token', ['a', 'b']],
  ['several empty lines, with blanks in them', '\n\na O\n \n\t\nb O\n\n\n', 'token', ['a', 'b']],
  ['a space that does not break', 'a\u00A0b O\nc O\n', 'token', ['a\u00A0b c']],
  ['words alone', 'a\nb\n\nc\n', 'token', ['a b', 'c']],
  ['six columns', 'a 1 2 3 4 X\n', 'tag', ['X']],
])('%s', (_, text, column, wanted) => {
  expect(wordsOf(text, column)).toEqual(wanted)
})

it.each([
  ['a word without its tag', 'a O\nb O\nc\n', 'line 3: expected 2 columns, as most lines have, got 1'],
  [
    'a word with a space in a file with spaces',
    'a O\nNew York O\nc O\n',
    'line 2: expected 2 columns, as most lines have, got 3',
  ],
  ['a comment within a sentence', 'a O\n# a comment\nb O\n', 'line 2: expected 2 columns, as most lines have, got 3'],
  ['a row of a file with tabs', 'New York\tO\nis O\nb c\tO\n', 'line 2: expected 2 columns, as most lines have, got 1'],
])('%s is an error with its line', (_, text, why) => {
  expect(() => readConll(text, 'f')).toThrow(why)
})
