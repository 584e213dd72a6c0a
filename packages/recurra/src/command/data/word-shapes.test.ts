import { expect, test } from 'vitest'
import { inShapes, shapeVocabulary } from './word-shapes.ts'

test('rare words are read by the most telling shape that some of them share', () => {
  const sentences = [
    ['The', 'dog', 'was', 'running', 'to', 'Seoul', '.'],
    ['The', 'cat', 'was', 'singing', 'in', '1999', '.'],
    ['It', 'was', '2001', '.'],
  ]
  const vocabulary = shapeVocabulary(sentences, 2)
  expect(vocabulary.symbols).toEqual(['<unknown>', '.', '1 ~', 'The', 'a ~', 'a ~g', 'a ~ing', 'was'])
  expect(inShapes(vocabulary, ['The', 'bird', 'was', 'flying', 'in', '1984', '!'])).toEqual(
    ['The', 'a ~', 'was', 'a ~ing', 'a ~', '1 ~', '!'])
})

test('a shape tells capitals, digits, hyphens and the first word of a sentence; the ending is in lower case', () => {
  const words = ['NATO', 'x3', 'Well-known', 'İzmir', 'é']
  const twice = [['it', ...words], ['it', ...words]]
  const shapes = shapeVocabulary(twice, 3).symbols.slice(1)
  expect(shapes).toEqual(['AA ~ato', 'Aa ~mir', 'Aa- ~own', 'a ^ ~it', 'a ~é', 'a1 ~x3'])
  expect(inShapes(shapeVocabulary(twice, 3), ['EATO', 'PLATO', 'so'])).toEqual(['EATO', 'AA ~ato', 'so'])
})
