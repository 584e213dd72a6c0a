import {
  erf, exp, expm1, input, log, log1p, operations, outputsOf, programOf, sigmoid, sqrt, tanh, type Expression,
} from '@recurra/formula'
import { tensorOver } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { gridOf } from '../../../grid.ts'
import { features } from '../../engine.ts'
import { Heap } from '../../heap.ts'
import { ThreadPool } from '../../threads/pool.ts'
import { formulasOn } from '../formulas.ts'

const heap = new Heap({ bytes: 2 ** 24 })
const count = 2 ** 16
const [x, y] = [heap.floats(count), heap.floats(count)]
const bits = new Int32Array(x.buffer, x.byteOffset, count)

const run = (make: (x: Expression) => Expression): (() => void) => {
  const program = programOf(outputsOf({ y: make(input('x')) }))
  const kernel = formulasOn(
    heap,
    features,
    new ThreadPool(heap, 1, 0),
  )(program, gridOf(program, { x: tensorOver(x, [1, count]), y: tensorOver(y, [1, count]) }))
  return () => kernel(0)
}

const scratch = new Float32Array(1)
const scratchBits = new Int32Array(scratch.buffer)
/** The distance between neighbouring float32 at a number. */
const spacing = (value: number): number => {
  scratch[0] = Math.abs(value)
  const exponent = scratchBits[0]! >> 23
  return exponent === 0 ? 2 ** -149 : 2 ** (exponent - 150)
}

/** Math.exp and its like, except where 1 / (1 + e⁻ˣ) itself loses digits. */
const exactly = {
  ...operations,
  sigmoid: { evaluate: (v: number) => (v < 0 ? Math.exp(v) / (1 + Math.exp(v)) : 1 / (1 + Math.exp(-v))) },
}

// The worst seen at every 11th float32, rounded up; a correctly rounded function would have 0.5.
const functions = {
  exp: [exp, 1.02],
  sigmoid: [sigmoid, 2.4],
  tanh: [tanh, 2.6],
  log: [log, 0.9],
  log1p: [log1p, 1.5],
  expm1: [expm1, 1.5],
  erf: [erf, 1.5],
  sqrt: [sqrt, 0.5],
} as const

describe.each(Object.keys(functions) as (keyof typeof functions)[])('%s', (name) => {
  const [make, allowed] = functions[name]
  const { evaluate } = exactly[name] as { evaluate: (x: number) => number }

  it(`is within ${allowed} units in the last place over the whole range`, () => {
    const compute = run(make)
    const stride = 8191 // so many float32 from one to the next; a prime, so that all bits of the mantissa occur
    let [worst, at] = [0, 0]
    for (let from = 0; from < 2 ** 32; from += count * stride) {
      for (let i = 0; i < count; i++) bits[i] = from + i * stride
      compute()
      for (let i = 0; i < count && from + i * stride < 2 ** 32; i++) {
        const want = evaluate(x[i]!)
        const [got, nearest] = [y[i]!, Math.fround(want)]
        if (Number.isFinite(got) && Number.isFinite(nearest)) {
          const off = Math.abs(got - want) / spacing(want)
          if (off > worst) [worst, at] = [off, x[i]!]
        } else if (!Object.is(got, nearest)) expect.soft(got, `${name}(${x[i]})`).toBe(nearest)
      }
    }
    expect(worst, `at ${at}`).toBeLessThanOrEqual(allowed)
  })
})

it('tanh is odd to the last bit and never beyond 1, sigmoid never beyond 1', () => {
  const points = Float32Array.from({ length: count }, (_, i) => (i / count) * 12)
  const compute = (make: (x: Expression) => Expression, sign: number): Float32Array => {
    points.forEach((value, i) => (x[i] = sign * value))
    run(make)()
    return y.slice()
  }
  const [positive, negative] = [compute(tanh, 1), compute(tanh, -1)]
  expect(negative).toEqual(positive.map((value) => -value))
  expect(Math.max(...positive.subarray(0, 100), ...positive.subarray(-30_000))).toBe(1)
  expect(compute(sigmoid, 3).every((value) => value <= 1)).toBe(true)
})
