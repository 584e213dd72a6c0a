import { dense, sequential, vector } from '@recurra/layers'
import { expect, it } from 'vitest'
import { CheckpointError } from './checkpoint-error.ts'
import { restoreParameters } from './restore-parameters.ts'

it.each([
  ['a date', new Date()], ['null', null], ['undefined', undefined], ['a text', 'x'], ['a list', []], ['a number', 3],
  ['a map', new Map()], ['an object', {}], ['parameters that are a date', { parameters: new Date() }],
  ['parameters that are numbers', { parameters: [3] }], ['parameters that are null', { parameters: [null] }],
  ['no parameters', { parameters: [] }],
])('what is not a checkpoint of the model is refused: %s', (_, given) => {
  const model = sequential(vector(2), [dense(1)], { seed: 1 })
  const before = [...model.backend.read(model.stream().step([1, 2]))]
  expect(() => restoreParameters(model, given as never)).toThrow(CheckpointError)
  expect([...model.backend.read(model.stream().step([1, 2]))]).toEqual(before)
})
