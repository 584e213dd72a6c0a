import { javascript } from '@recurra/backend'
import { ShapeError, ValueError } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { Lengths } from './index.ts'

const backend = javascript()

it('marks real steps and the last of each sequence, time-major', () => {
  const lengths = new Lengths(backend, 3, 2)
  expect([...backend.read(lengths.mask)]).toEqual([1, 1, 1, 1, 1, 1])
  lengths.set([1, 3])
  expect([...backend.read(lengths.mask)]).toEqual([1, 1, 0, 1, 0, 1])
  expect([...lengths.lastRows.data]).toEqual([0, 5])
})

it('refuses what is no length, and keeps the old ones', () => {
  const lengths = new Lengths(backend, 3, 2)
  lengths.set([2, 1])
  expect(() => lengths.set([1])).toThrow(ShapeError)
  expect(() => lengths.set([1, 4])).toThrow(/lengths\[1\]: expected an integer from 1 to 3 steps, got 4/)
  for (const bad of [0, -1, 1.5, Number.NaN]) expect(() => lengths.set([1, bad])).toThrow(ValueError)
  expect([...backend.read(lengths.mask)]).toEqual([1, 1, 1, 0, 0, 0])
})

it('derives from steps of the input alone', () => {
  const lengths = new Lengths(backend, 4, 1)
  expect(() => lengths.derive(3, (t) => 2 * t)).toThrow(/derived lengths, step 2: expected a step .* 0 to 3, got 4/)
  expect(() => lengths.derive(2, (t) => 1.5 * t)).toThrow(ValueError)
  expect(() => lengths.derive(2, (t) => t - 1)).toThrow(/got -1/)
})
