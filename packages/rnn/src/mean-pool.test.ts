import { javascript } from '@recurra/backend'
import { Lengths, masking, sequential, wireFor } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import { expect, test } from 'vitest'
import { meanPool } from './mean-pool.ts'

test('the mean over the real steps of each sequence, whatever the padding holds; and its gradient', () => {
  const backend = javascript({ dtype: 'float64' })
  const model = sequential(2, [meanPool()], { backend })
  const lengths = new Lengths(backend, 3, 2)
  const callShape = { steps: 3, batch: 2, mode: 'training', lengths } as const
  const frame = model.plan(wireFor(model, callShape, true), callShape)
  lengths.set([3, 1])
  const padding = Number.NaN
  backend.write(frame.x.value, [1, 2, 7, -1, 3, 4, padding, padding, 5, 9, padding, padding]) // time-major
  frame.forward()
  expect(backend.read(frame.y.value)).toEqual(Float64Array.of(3, 5, 7, -1)) // numpy.mean(row, axis=0)
  backend.write(frame.y.grad, [3, 6, 1, 2])
  frame.backward()
  expect(backend.read(frame.x.grad)).toEqual(Float64Array.of(1, 2, 1, 2, 1, 2, 0, 0, 1, 2, 0, 0))
})

test('it needs the whole sequence', () => {
  const model = sequential(2, [meanPool()])
  expect(() => model.stream()).toThrow(ConfigurationError)
  expect(() => model.stream()).toThrow('Leave out bidirectional, pools over all steps and repeat')
})

test('the mean over no step is 0, and its gradient', () => {
  const backend = javascript({ dtype: 'float64' })
  const model = sequential(1, [masking(), meanPool()], { backend })
  const callShape = { steps: 2, batch: 2, mode: 'training' } as const
  const frame = model.plan(wireFor(model, callShape, true), callShape)
  backend.write(frame.x.value, [0, 4, 0, 6]) // time-major
  frame.forward()
  expect(backend.read(frame.y.value)).toEqual(Float64Array.of(0, 5))
  backend.write(frame.y.grad, [1, 2])
  frame.backward()
  expect(backend.read(frame.x.grad)).toEqual(Float64Array.of(0, 1, 0, 1))
})
