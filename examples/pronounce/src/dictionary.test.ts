import { expect, it } from 'vitest'
import { dictionary, longest, spelt } from './dictionary.ts'

const entries = dictionary(1)

it('knows every word once, with all the ways in which it is said and without stress', () => {
  expect(new Set(entries.map(({ word }) => word)).size).toBe(entries.length)
  expect(entries.length).toBeGreaterThan(110_000)
  expect(entries.find(({ word }) => word === 'TOMATO')!.pronunciations).toEqual([
    ['T', 'AH', 'M', 'EY', 'T', 'OW'],
    ['T', 'AH', 'M', 'AA', 'T', 'OW'],
  ])
  expect(new Set(entries.flatMap(({ pronunciations }) => pronunciations.flat())).size).toBe(39)
  const fits = (text: ArrayLike<string>): boolean => text.length <= longest
  expect(entries.every(({ word, pronunciations }) => fits(word) && pronunciations.every(fits))).toBe(true)
})

it('is in the order of the seed', () => {
  const others = dictionary(2)
  expect(others.length).toBe(entries.length)
  expect(others.slice(0, 3)).not.toEqual(entries.slice(0, 3))
})

it('spells', () => {
  expect(spelt('CAB')).toEqual([2, 0, 1])
})
