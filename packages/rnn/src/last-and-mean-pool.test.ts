import { javascript } from '@recurra/backend'
import { Lengths, sequential, wireFor } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import { expect, test } from 'vitest'
import { lastAndMeanPool } from './last-and-mean-pool.ts'

const backend = javascript({ dtype: 'float64' })

test.each([
  { bidirectional: false, last: [5, 9, 7, -1], dx: [1, 2, 11, 22, 1, 2, 0, 0, 11, 22, 0, 0] },
  // The second feature was read backward: it has read all at the first step.
  { bidirectional: true, last: [5, 2, 7, -1], dx: [1, 22, 11, 22, 1, 2, 0, 0, 11, 2, 0, 0] },
])('the last real step, then the mean over the real steps; and the sum of their gradients', (one) => {
  const { bidirectional, last, dx } = one
  const model = sequential(2, [lastAndMeanPool({ bidirectional })], { backend })
  const lengths = new Lengths(backend, 3, 2)
  const callShape = { steps: 3, batch: 2, mode: 'training', lengths } as const
  const frame = model.plan(wireFor(model, callShape, true), callShape)
  lengths.set([3, 1])
  const padding = Number.NaN
  backend.write(frame.x.value, [1, 2, 7, -1, 3, 4, padding, padding, 5, 9, padding, padding]) // time-major
  frame.forward()
  const [a, b, c, d] = last
  expect(backend.read(frame.y.value)).toEqual(Float64Array.of(a!, b!, 3, 5, c!, d!, 7, -1))
  backend.write(frame.y.grad, [10, 20, 3, 6, 10, 20, 1, 2])
  frame.backward()
  expect(backend.read(frame.x.grad)).toEqual(Float64Array.from(dx))
})

test('it needs the whole sequence, and two directions where it is asked for them', () => {
  expect(() => sequential(2, [lastAndMeanPool()], { backend }).stream()).toThrow('Leave out bidirectional, pools over')
  expect(() => sequential(3, [lastAndMeanPool({ bidirectional: true })], { backend })).toThrow(ConfigurationError)
})
