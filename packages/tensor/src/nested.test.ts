import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  ConfigurationError, flatValues, shapeOf, ShapeError, tensor, toNested, ValueError, zeros, type Nested,
  type TensorLike,
} from './index.ts'

const lists = (depth: number): fc.Arbitrary<Nested> =>
  fc.array(fc.integer({ min: 1, max: 4 }), { minLength: depth, maxLength: depth }).chain((shape) =>
    fc.infiniteStream(fc.integer({ min: -9, max: 9 })).map((numbers) => {
      const build = (axis: number): Nested =>
        axis === shape.length ? numbers.next().value : Array.from({ length: shape[axis]! }, () => build(axis + 1))
      return build(0)
    }))

it('nested lists go into a tensor and come out the same', () => {
  fc.assert(fc.property(fc.nat(4).chain(lists), (list) => {
    expect(toNested(tensor(list))).toEqual(list)
    expect(tensor(list, { dtype: 'float64' }).shape).toEqual(shapeOf(list))
    expect(toNested(tensor(tensor(list)))).toEqual(list)
  }), { numRuns: 100, seed: 1 })
})

it('a ragged list says where, and what to do', () => {
  expect(() => tensor([[1, 2], [3]])).toThrow(ShapeError)
  expect(() => tensor([[[1], [2]], [[3], [4, 5]]])).toThrow('got [2] at tensor[1][1]. Give all items as many numbers')
})

it('typed arrays and tensors may stand in lists, as long as they are of one shape', () => {
  expect(toNested(tensor([Int32Array.of(1, 2), [3, 4], Uint8Array.of(5, 6)]))).toEqual([[1, 2], [3, 4], [5, 6]])
  expect(toNested(tensor([tensor([[1, 2], [3, 4]]).transpose(1, 0)]))).toEqual([[[1, 3], [2, 4]]])
  expect(() => tensor([Int32Array.of(1, 2), Int32Array.of(1)])).toThrow(ShapeError)
})

const sparse: number[] = [1]
sparse[2] = 3
const junk: readonly (readonly [what: string, value: unknown, why: string])[] = [
  [
    'null',
    [[1, null]],
    'tensor[0][1]: expected a finite number, got null. Fill the gap with a number, or leave the row out.',
  ],
  ['undefined', [[1], [undefined]], 'tensor[1][0]: expected a finite number, got undefined. Fill the gap'],
  ['a hole', [sparse], 'tensor[0][1]: expected a finite number, got undefined. Fill the gap'],
  ['a text of a number', ['0.1', 2], "tensor[0]: expected a finite number, got '0.1'. Convert it: Number('0.1')."],
  [
    'a word',
    [1, 'spam'],
    "tensor[1]: expected a finite number, got 'spam'. Give each word a number: labels.indexOf(word)",
  ],
  ['an empty text', [''], "tensor[0]: expected a finite number, got ''. Give each word a number"],
  ['a boolean', [true], 'got true. Pass 1: Number(value).'],
  ['a Date', [new Date(0)], 'got a Date. Pass numbers: value.getTime()'],
  ['a BigInt', [[1], [10n]], 'tensor[1][0]: expected a finite number, got 10n. Convert it: Number(10n).'],
  [
    'BigInts in a typed array',
    [BigInt64Array.of(1n)],
    'tensor[0]: expected a finite number, got a BigInt64Array. Convert it: Float64Array.from(values, Number).',
  ],
  [
    'BigInts in a tensor',
    { data: [1n], shape: [1], stride: [1], offset: 0 },
    'tensor[0]: expected a finite number, got 1n.',
  ],
  ['a Map', new Map(), 'tensor: expected a finite number, got a Map. Pass numbers, or lists of them.'],
  ['a function', [Math.sin], 'tensor[0]: expected a finite number, got a function.'],
  ['nothing', undefined, 'tensor: expected a finite number, got undefined.'],
]

it.each(junk)('%s is refused with its place, and with what to do', (_, value, why) => {
  const act = (): unknown => tensor(value as TensorLike)
  expect(act).toThrow(ValueError)
  expect(act).toThrow(why)
  expect(() => flatValues(value as TensorLike, 'tensor')).toThrow(why)
})

it('options are checked', () => {
  expect(() => tensor([1], { dtype: 'f64' as never })).toThrow(ConfigurationError)
  expect(() => zeros([1], { type: 'float64' } as never)).toThrow(
    'zeros: expected a known option, got type. Did you mean dtype?',
  )
  expect(() => zeros([1.5])).toThrow('expected a size of zeros to be an integer')
})
