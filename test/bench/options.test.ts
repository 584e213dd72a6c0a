import { expect, it } from 'vitest'
import { optionsOf } from './options.ts'

it('measures everything unless told otherwise', () => {
  const { command, only, systems, quick, json, pace } = optionsOf([])
  expect({ command, only, systems, quick, json }).toEqual({
    command: 'workloads',
    only: ['W1', 'W2', 'W3', 'W4', 'W5', 'W6'],
    systems: [],
    quick: false,
    json: false,
  })
  expect(pace.rounds).toBeGreaterThanOrEqual(5)
})

it('reads lists, flags and commands', () => {
  expect(optionsOf(['--only', 'W1,W3', '--systems', 'recurra,numpy/2', '--json', '--quick'])).toMatchObject({
    only: ['W1', 'W3'], systems: ['recurra', 'numpy/2'], json: true, quick: true,
  })
  expect(optionsOf(['kernels']).command).toBe('kernels')
})

it.each([
  [['--only', 'W7'], 'a workload out of W1, W2'],
  [['races'], 'a command out of workloads'],
  [['--rounds', '3'], 'at least 5'],
])('%s is refused', (args, reason) => expect(() => optionsOf(args)).toThrow(reason))
