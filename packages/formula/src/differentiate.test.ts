import { describe, expect, it } from 'vitest'
import {
  differentiate, exp, Expression, input, log1p, max, mix, operations, relu, select, sigmoid, sqrt, tanh,
} from './index.ts'

/** The value of an expression on plain numbers. */
const evaluate = (e: Expression, at: (name: string) => number): number => {
  if (e.op === 'constant') return e.value
  if (e.op === 'input') return at(e.name)
  const [a, b, c] = e.args.map((arg) => evaluate(arg, at)) as [number, number, number]
  return operations[e.op].evaluate(a, b, c)
}

const [x, y] = [input('x'), input('y')]
const samples: Record<string, Expression> = {
  product: x.mul(y).sub(x),
  quotient: tanh(x).div(exp(y)),
  gates: mix(sigmoid(x), tanh(y), x),
  root: sqrt(x.mul(x).add(y.mul(y)).add(1)),
  choice: select(x.sub(y), x.mul(x), y).add(max(x, y)),
  small: log1p(exp(x)),
}

describe('differentiate', () => {
  for (const [name, out] of Object.entries(samples))
    it(`${name}: equals fourth-order differences`, () => {
      const { outputs, saved, gradients } = differentiate({ out }, ['x', 'y'])
      const point: Record<string, number> = { x: 0.7, y: -0.4, 'd.out': 1.3 }
      const forward = (at: Record<string, number>): number => evaluate(out, (n) => at[n]!)
      const read = (n: string): number =>
        n === 'y.out' ? evaluate(outputs['out']!, (m) => point[m]!) : n in saved ? evaluate(saved[n]!, read) : point[n]!
      for (const wrt of ['x', 'y']) {
        const h = 1e-3
        const f = (k: number): number => forward({ ...point, [wrt]: point[wrt]! + k * h })
        const difference = (8 * (f(1) - f(-1)) - (f(2) - f(-2))) / (12 * h)
        expect(evaluate(gradients[wrt]!, read)).toBeCloseTo(1.3 * difference, 9)
      }
    })

  it('keeps NaN: a product with 0 is not folded away', () => {
    const { outputs } = differentiate({ out: x.mul(0) }, ['x'])
    expect(evaluate(outputs['out']!, () => Number.NaN)).toBeNaN()
  })
})

it('relu has the derivative 0 at 0, as in PyTorch', () => {
  const { gradients } = differentiate({ y: relu(x) }, ['x'])
  const at = (value: number): number =>
    evaluate(gradients['x']!, (name) => (name === 'x' ? value : name === 'd.y' ? 1 : Number.NaN))
  expect([-1, 0, 1].map(at)).toEqual([0, 0, 1])
})
