import type { InitialState } from '@recurra/layers'
import { ConfigurationError, describeShape, describeValue, isRecord, ShapeError } from '@recurra/tensor'
import { examplesOf, expectAlike, type Example } from './examples.ts'

/** The initial states of sequences, one after the other, by slot. */
export type InitialStates = readonly (readonly [slot: string, states: readonly Example[]])[]

/**
 * One state per sequence for each slot, [sequences, …]. Which slots there are, and of which shape, the model that reads
 * them knows.
 * @throws `ShapeError` if a slot has not as many rows as there are sequences, or they are not of one shape.
 * @throws `ValueError` if a value is not a finite number; the error names the position.
 * @throws `ConfigurationError` if it is not a plain object.
 */
export const initialStatesOf = (given: InitialState | undefined, count: number): InitialStates => {
  if (given === undefined) return []
  if (!isRecord(given))
    throw new ConfigurationError({
      where: 'initialState',
      expected: 'values by slot',
      got: describeValue(given),
      fix: "Pass an object with one row for each sequence: { '0.h': [[…], …] }.",
    })
  return Object.entries(given).map(([slot, values]) => {
    const where = `initialState['${slot}']`
    const states = examplesOf(values, where)
    const shape = states[0]?.shape ?? []
    if (states.length !== count || shape.length === 0)
      throw new ShapeError({
        where,
        expected: `[${count}, units], one row for each sequence`,
        got: describeShape([states.length, ...shape]),
        fix: 'Pass as many rows as sequences, each with one value per unit.',
      })
    expectAlike(states, where, 0)
    return [slot, states] as const
  })
}
