import { parseArgs } from 'citty'
import { ValueError } from 'recurra'
import { describe, expect, it } from 'vitest'
import { flags, optionsOf } from './options.ts'

const parse = (...words: string[]) => optionsOf({ ...parseArgs(words, flags) })

describe('the command line', () => {
  it('is optional', () => {
    expect(parse()).toMatchObject({ layers: 2, seconds: 60, seed: 1 })
    expect(parse()).not.toHaveProperty('text')
  })

  it('is taken as it is written', () => {
    const written = '--text a.txt --cell lstm --layers 3 --hidden 256 --seconds 0.5 --seed 7'.split(' ')
    expect(parse(...written)).toEqual({ text: 'a.txt', cell: 'lstm', layers: 3, hidden: 256, seconds: 0.5, seed: 7, profile: false })
  })

  it.each([
    ['--hidden abc', '--hidden: expected a whole number from 1 to 4096, got abc'],
    ['--hidden 12.5', '--hidden: expected a whole number from 1 to 4096, got 12.5'],
    ['--hidden', '--hidden: expected a whole number from 1 to 4096, got nothing'],
    ['--layers 0', '--layers: expected a whole number from 1 to 16, got 0'],
    ['--seconds -1', '--seconds: expected a number of seconds above 0, got -1'],
    ['--seconds Infinity', '--seconds: expected a number of seconds above 0, got Infinity'],
    ['--sed 2', 'expected only --text, --cell, --layers, --hidden, --seconds, --seed, --profile, got sed'],
    ['moby.txt', 'expected only --text, --cell, --layers, --hidden, --seconds, --seed, --profile, got moby.txt'],
  ])('%s is refused', (written, complaint) => {
    expect(() => parse(...written.split(' '))).toThrow(ValueError)
    expect(() => parse(...written.split(' '))).toThrow(complaint)
  })
})
