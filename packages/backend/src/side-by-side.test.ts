import { formula } from '@recurra/formula'
import { isContiguous, type Tensor } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { atEachStep } from './in-order.ts'
import { javascript } from './javascript/javascript.ts'
import { rangesOf, sideBySide } from './side-by-side.ts'
import { webassembly } from './webassembly/webassembly.ts'

const backend = webassembly()
const shapes = [[3, 5], [7], [1], [16], [2, 2]]
const made = (on = backend): Tensor[] => sideBySide(on, () => shapes.map((shape) => on.zeros(shape)))
const plusOne = formula({ element: ['x'] }, ({ x }) => ({ x: x.add(1) }))

describe('tensors side by side', () => {
  it('are one row, whose elements are theirs', () => {
    const tensors = made()
    const [range, ...others] = rangesOf(backend, tensors.map((x) => ({ x })))
    expect(others).toEqual([])
    backend.formula(plusOne, { x: range!.operands['x']! })(0)
    for (const x of tensors) expect([...backend.read(x)].every((value) => value === 1)).toBe(true)
    expect(isContiguous(range!.operands['x']!)).toBe(true)
  })

  it('are several rows where they are not alike, or one lies elsewhere', () => {
    const tensors = made()
    expect(rangesOf(backend, tensors.map((x) => ({ x })), (i) => i !== 2).map(({ from }) => from)).toEqual([0, 2])
    const [a, b, ...rest] = tensors as [Tensor, Tensor, ...Tensor[]]
    const mixed = [a, b, backend.zeros([4]), ...rest].map((x) => ({ x, y: x }))
    expect(rangesOf(backend, mixed).map(({ from }) => from)).toEqual([0, 2, 3])
    expect(backend.joined!([b, a])).toBeUndefined()
    const [range] = rangesOf(javascript(), made(javascript()).map((x) => ({ x })))
    expect(range!.operands['x']!.shape).toEqual([3, 5])
  })

  it('lie above all others, which can come between them', () => {
    const [first, last] = sideBySide(backend, () => {
      const a = backend.zeros([8])
      const between = backend.indices([8])
      backend.write(between, Array.from({ length: 8 }, () => 1))
      return [a, backend.zeros([8])]
    }) as [Tensor, Tensor]
    expect([first, last].flatMap((x) => [...backend.read(x)])).toEqual(Array.from({ length: 16 }, () => 0))
  })

  it('are packed again when their row has changed', () => {
    const [b] = sideBySide(backend, () => [backend.zeros([4, 8]), backend.zeros([4, 8])]) as [Tensor, Tensor]
    const both = backend.joined!([b, { ...b, data: b.data }].slice(0, 1))!
    const [a, out] = [backend.zeros([1, 4]), backend.zeros([1, 8])]
    backend.write(a, [1, 1, 1, 1])
    const product = backend.matmul({ out, a, b })
    for (let i = 0; i < 3; i++) product(0) // packed from the second call on
    backend.formula(plusOne, { x: both })(0)
    product(0)
    expect(backend.read(out)[0]).toBe(4)
  })
})

it('kernels at each step do the same in one call', () => {
  const [x, sum] = [backend.zeros([5, 1, 6]), backend.zeros([1, 6])]
  backend.write(x, Array.from({ length: 30 }, (_, i) => i))
  const half = formula({ element: ['x', 'sum'] }, ({ x, sum }) => ({ sum: sum.mul(0.5).add(x) }))
  const kernel = backend.formula(half, { x, sum })
  const run = (way: (step: number) => void): number[] => {
    backend.write(sum, Array.from({ length: 6 }, () => 0))
    way(0)
    return [...backend.read(sum)]
  }
  for (const back of [false, true])
    expect(run(atEachStep(kernel, 5, back))).toEqual(run(atEachStep((step) => kernel(step), 5, back)))
})
