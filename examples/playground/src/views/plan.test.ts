import { expect, it } from 'vitest'
import { experimentFor } from '../state/state.ts'
import { taskNames } from '../tasks/offers.ts'
import { planOf } from './plan.ts'

it.each(taskNames)('what is offered for %s fits together', (name) => {
  expect(planOf(experimentFor(name)).faulty).toBe(false)
})

it('shows both sides of an encoder-decoder, and what the task sets at the end', () => {
  const { stacks } = planOf(experimentFor('reversal'))
  expect(stacks.map(({ side, tail }) => [side, tail.length])).toEqual([['encoder', 0], ['layers', 1]])
  expect(planOf(experimentFor('adding')).stacks[0]!.tail).toEqual([
    { last: true, to: { kind: 'vector', size: 32 } },
    { last: false, to: { kind: 'vector', size: 1 } },
  ])
})

it('symbols that nobody reads are a fault, too', () => {
  expect(planOf({ ...experimentFor('text'), network: { encoder: [], layers: [] } }).faulty).toBe(true)
})
