import { parseArgs } from 'citty'
import { ValueError } from 'recurra'
import { describe, expect, it } from 'vitest'
import { flags, optionsOf } from './options.ts'

const parse = (...words: string[]) => optionsOf({ ...parseArgs(words, flags) })

describe('the command line', () => {
  it('is optional', () => {
    expect(parse()).toMatchObject({ layers: 2, hidden: 128, profile: false })
    expect(parse()).not.toHaveProperty('text')
  })

  it('is taken as it is written; what comes later counts', () => {
    const written = '--seconds 60 --text a.txt --cell lstm --layers 3 --hidden 256 --seconds 0.5'.split(' ')
    expect(parse(...written)).toEqual({
      text: 'a.txt',
      cell: 'lstm',
      layers: 3,
      hidden: 256,
      seconds: 0.5,
      profile: false,
    })
  })

  it.each([
    ['--hidden abc', '--hidden: expected an integer from 1 to 4096, got abc'],
    ['--hidden 12.5', '--hidden: expected an integer from 1 to 4096, got 12.5'],
    ['--hidden', '--hidden: expected an integer from 1 to 4096, got nothing'],
    ['--layers 0', '--layers: expected an integer from 1 to 16, got 0'],
    ['--seconds -1', '--seconds: expected a number of seconds above 0, got -1'],
    ['--seconds Infinity', '--seconds: expected a number of seconds above 0, got Infinity'],
  ])('%s is refused', (written, complaint) => {
    expect(() => parse(...written.split(' '))).toThrow(ValueError)
    expect(() => parse(...written.split(' '))).toThrow(complaint)
  })
})
