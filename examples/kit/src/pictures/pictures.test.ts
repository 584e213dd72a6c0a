import { stripVTControlCharacters } from 'node:util'
import { expect, it } from 'vitest'
import { beside } from './beside.ts'
import { curve } from './curve.ts'
import { heatMap } from './heat-map.ts'
import { image } from './image.ts'

it('draws an image with two rows of pixels per line', () => {
  expect(image([0, 1, 1, 1, 0.5, 0], { width: 2, colour: false })).toBe('=@\n: '.replace('=', '+'))
  const coloured = image([0, 1, 1, 0.5], { width: 2, colour: true })
  expect(stripVTControlCharacters(coloured)).toBe('▀▀')
  expect(coloured).toContain('38;5;232;48;5;255m')
})

it('draws a heat map under and beside its labels, against the largest value', () => {
  expect(
    heatMap([[0, 5], [10, 0]], { rows: ['a', 'bc'], columns: ['x', 'long'], colour: false }),
  ).toBe('   x lo\na    ++\nbc @@')
  expect(heatMap([[0, 0]], { colour: false })).toBe('')
})

it('puts pictures side by side, whatever their height, over their captions', () => {
  expect(beside([['##\n##', '7'], ['\u001B[1m#\u001B[0m', 'one']])).toBe('##  \u001B[1m#\u001B[0m\n##\n7   one')
})

it('draws a curve, unless there is nothing to see', () => {
  expect(curve([1, 2, 3, 4], { height: 2, width: 4 }).split('\n')).toHaveLength(3)
  expect(curve([1, 1])).toBe('')
})
