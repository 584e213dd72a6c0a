import fc from 'fast-check'
import { expect, it } from 'vitest'
import { nestedShape, ShapeError, tensor, toNested, type Nested } from './index.ts'

const lists = (depth: number): fc.Arbitrary<Nested> =>
  fc.array(fc.integer({ min: 1, max: 4 }), { minLength: depth, maxLength: depth }).chain((shape) =>
    fc.infiniteStream(fc.integer({ min: -9, max: 9 })).map((numbers) => {
      const build = (axis: number): Nested => (axis === shape.length ? numbers.next().value : Array.from({ length: shape[axis]! }, () => build(axis + 1)))
      return build(0)
    }))

it('nested lists go into a tensor and come out the same', () => {
  fc.assert(fc.property(fc.nat(4).chain(lists), (list) => {
    expect(toNested(tensor(list))).toEqual(list)
    expect(tensor(list, { dtype: 'float64' }).shape).toEqual(nestedShape(list))
    expect(toNested(tensor(tensor(list)))).toEqual(list)
  }), { numRuns: 100, seed: 1 })
})

it('a ragged list says where, and what to do', () => {
  expect(() => tensor([[1, 2], [3]])).toThrow(ShapeError)
  expect(() => tensor([[[1], [2]], [[3], [4, 5]]])).toThrow(/\[2\] at \[1\]\[1\]\. Pad the shorter sequences/)
})
