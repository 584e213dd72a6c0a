import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  asRows, at, columns, copyElements, flatValues, isContiguous, ndarrayOf, reshape, rows, ShapeError, sizeOf, slice,
  swapTimeAndBatch, tensor, tensorOver, toNested, transposed, type Floats, type Tensor,
} from './index.ts'

const counting = (shape: readonly number[]): Tensor =>
  tensorOver<Floats>(Float64Array.from({ length: sizeOf(shape) }, (_, i) => i), shape)
const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 4 })

/** The views that layers take, one after the other. */
const views: fc.Arbitrary<(x: Tensor) => Tensor> = fc.oneof(
  fc.constant(transposed), fc.constant(swapTimeAndBatch),
  fc.tuple(fc.nat(10), fc.nat(10), fc.nat(10)).map(([axis, from, length]) => (x: Tensor) => {
    const on = axis % x.shape.length
    const start = from % x.shape[on]!
    return slice(x, on, start, start + 1 + (length % (x.shape[on]! - start)))
  }),
)

/** The same by the book of scijs. */
const elements = (x: Tensor): number[] => {
  const array = ndarrayOf(x)
  const all: number[] = []
  const walk = (index: number[]): void => {
    if (index.length === x.shape.length) all.push(array.get(...index))
    else for (let i = 0; i < x.shape[index.length]!; i++) walk([...index, i])
  }
  walk([])
  return all
}

describe('views share memory and read as ndarray does', () => {
  it('however they are taken from each other', () => {
    fc.assert(fc.property(shapes, fc.array(views, { maxLength: 4 }), (shape, taken) => {
      const x = taken.reduce((y, view) => view(y), counting(shape))
      expect(flatValues(x)).toEqual(elements(x))
      expect(flatValues(tensor(toNested(x), { dtype: 'float64' }))).toEqual(elements(x))
      // Contiguous means: the elements stand in a row.
      const positions = elements(x)
      expect(isContiguous(x)).toBe(positions.every((value, i) => value === positions[0]! + i))
      const copy = counting(x.shape)
      copyElements(x, copy)
      expect([...copy.data]).toEqual(positions)
    }), { numRuns: 300, seed: 1 })
  })

  it('undo themselves', () => {
    fc.assert(fc.property(shapes, (shape) => {
      const x = counting(shape)
      expect(transposed(transposed(x))).toEqual(x)
      expect(swapTimeAndBatch(swapTimeAndBatch(x))).toEqual(x)
    }), { numRuns: 50, seed: 1 })
  })

  it('rows, columns, at and asRows pick what they say', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 2, max: 5 })),
        ([time, batch, features]) => {
          const x = counting([time, batch, features])
          const all = flatValues(x)
          expect(flatValues(rows(x, 1, time))).toEqual(all.slice(batch * features))
          expect(flatValues(at(x, 1))).toEqual(all.slice(batch * features, 2 * batch * features))
          expect(flatValues(columns(x, 1, features))).toEqual(all.filter((_, i) => i % features > 0))
          expect(asRows(x).shape).toEqual([time * batch, features])
          expect(flatValues(asRows(columns(x, 1, features)))).toEqual(flatValues(columns(x, 1, features)))
        },
      ),
      { numRuns: 50, seed: 1 },
    )
  })
})

it('asRows has the rows in order however they lie, or refuses', () => {
  fc.assert(fc.property(shapes, fc.array(views, { maxLength: 4 }), (shape, taken) => {
    const x = taken.reduce((y, view) => view(y), counting(shape))
    let rows: Tensor
    try {
      rows = asRows(x)
    } catch (error) {
      expect(error).toBeInstanceOf(ShapeError)
      return
    }
    expect(elements(rows)).toEqual(elements(x))
  }), { numRuns: 300, seed: 1 })
  const steps = counting([4, 2, 3])
  const everySecond = { ...steps, shape: [2, 2, 3], stride: [12, 3, 1] }
  expect(() => asRows(everySecond)).toThrow(/expected rows at one distance for shape \[4, 3\]/)
  expect(elements(asRows(swapTimeAndBatch(counting([1, 4, 3]))))).toEqual(elements(counting([4, 3])))
})

it('reshape refuses another number of elements, and gaps', () => {
  const x = counting([2, 3, 4])
  expect(flatValues(reshape(x, [6, 4]))).toEqual(flatValues(x))
  expect(() => reshape(x, [5, 4])).toThrow(ShapeError)
  expect(() => reshape(transposed(x), [24])).toThrow(ShapeError)
})
