import { parseArgs } from 'citty'
import { describe, expect, it } from 'vitest'
import { expectKnownFlags, integer, joinRepeated, UsageError } from './options.ts'

const flags = {
  quick: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  seed: { type: 'string', default: '1' },
  size: { type: 'string' },
} as const
const parse = (words: string) => ({ ...parseArgs(words.split(' ').filter(Boolean), flags) })

describe('the command line', () => {
  it('knows its own flags and the shared ones', () => {
    expect(() => expectKnownFlags(parse('--size 3 --quick --json --seed 2'), flags)).not.toThrow()
    expect(parse('--quick')).toMatchObject({ quick: true, json: false, seed: '1' })
  })

  it.each([
    ['--sed 2', 'expected only --quick, --json, --seed, --size, got --sed. Did you mean --seed? See --help.'],
    ['--quikc', 'got --quikc. Did you mean --quick? See --help.'],
    ['--verbose', 'got --verbose. See --help.'],
    ['moby.txt', 'expected only --quick, --json, --seed, --size, got moby.txt. See --help.'],
  ])('refuses %s', (words, complaint) => {
    expect(() => expectKnownFlags(parse(words), flags)).toThrow(UsageError)
    expect(() => expectKnownFlags(parse(words), flags)).toThrow(complaint)
  })

  it('reads numbers, and takes what an example has of itself where none is given', () => {
    expect(integer(parse('--size 12'), 'size', 1, 99, 7)).toBe(12)
    expect(integer(parse(''), 'size', 1, 99, 7)).toBe(7)
    expect(() => integer(parse('--size 1.5'), 'size', 1, 99, 7)).toThrow(
      '--size: expected an integer from 1 to 99, got 1.5',
    )
    expect(() => integer(parse('--size'), 'size', 1, 99, 7)).toThrow(
      '--size: expected an integer from 1 to 99, got nothing',
    )
    expect(() => integer(parse(''), 'size', 1, 99)).toThrow('got nothing')
  })
})

it('a flag that takes a list may be given several times; of others the last counts', () => {
  const flags = { label: { type: 'string', valueHint: 'a,b' }, steps: { type: 'string' }, json: { type: 'boolean' } }
  expect(joinRepeated(['f', '--label', 'a', '--json', '--label=b', '--label', 'c'], flags)).toEqual([
    'f', '--label', 'a,b,c', '--json',
  ])
  expect(joinRepeated(['--label=a', '--label', 'b', '--steps', '1', '--steps', '2', '--', '--label', 'c'], flags))
    .toEqual(['--label=a,b', '--steps', '1', '--steps', '2', '--', '--label', 'c'])
})
