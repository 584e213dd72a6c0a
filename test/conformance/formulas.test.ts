import { differentiate, input, operations, outputsOf, programOf, type Expression } from '@recurra/formula'
import { Random } from '@recurra/tensor'
import { expressions } from '@recurra/testing/vitest'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

type Point = Readonly<Record<string, number>>

const names = ['e', 'f', 'u', 'v', 'r', 's']
const column = 3

/** The value of an expression as it is written, on plain numbers. */
const evaluate = (root: Expression, at: (name: string) => number): number => {
  const known = new Map<Expression, number>()
  const value = (e: Expression): number => {
    const [a, b, c] = e.args.map(visit) as [number, number, number]
    return e.op === 'constant'
      ? e.value
      : e.op === 'input' ? at(e.name) : e.op === 'column' ? column : operations[e.op].evaluate(a, b, c)
  }
  const visit = (e: Expression): number => {
    if (!known.has(e)) known.set(e, value(e))
    return known.get(e)!
  }
  return visit(root)
}

const points = fc.nat(100_000).map((seed): Point => {
  const random = new Random(seed)
  return Object.fromEntries(names.map((name) => [name, random.uniform(-2, 2)]))
})

describe('any formula', () => {
  it('has the derivative that differences show', () => {
    fc.assert(fc.property(expressions, points, fc.boolean(), (y, point, save) => {
      const { outputs, saved, gradients } = differentiate({ y }, names, { save })
      const adjoint = 1.5
      const read = (name: string): number =>
        name === 'd.y'
          ? adjoint
          : name === 'y.y' ? evaluate(outputs['y']!, read) : name in saved ? evaluate(saved[name]!, read) : point[name]!
      for (const name of names) {
        const at = (distance: number): number => evaluate(y, (n) => point[n]! + (n === name ? distance : 0))
        const difference = (h: number): number => (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
        const wide = difference(1e-3)
        // A kink between the points of a difference: no derivative to compare with.
        if (Math.abs(wide - difference(2.5e-4)) > 1e-7) continue
        expect(Math.abs(evaluate(gradients[name]!, read) / adjoint - wide), `d/d${name}`).toBeLessThan(
          1e-6 * Math.max(1, Math.abs(wide)),
        )
      }
    }), { numRuns: 500, seed: 1 })
  })

  it('keeps its value when it is simplified, whatever goes in', () => {
    const special = [0, -0, 1, -1, 0.5, -1.5, 1e-310, 1e300, -1e300, Infinity, -Infinity, Number.NaN]
    fc.assert(
      fc.property(expressions, fc.array(fc.constantFrom(...special), { minLength: 6, maxLength: 6 }), (y, values) => {
        const at = (name: string): number => values[names.indexOf(name)]!
        const { code, inputs, outputs } = programOf(outputsOf({ y }))
        const lines: number[] = []
        for (const { op, args: [a, b, c], value, input: place } of code)
          lines.push(
            op === 'constant'
              ? value
              : op === 'column'
                ? column
                : op === 'input'
                  ? at(inputs[place]!.name)
                  : operations[op].evaluate(lines[a!]!, lines[b!]!, lines[c!]!),
          )
        // + 0: the sign of a zero is nobody's business.
        expect(lines[outputs[0]!.from]! + 0).toBe(evaluate(y, at) + 0)
      }),
      { numRuns: 1000, seed: 1 },
    )
  })

  it('computes nothing twice', () => {
    fc.assert(fc.property(expressions, (y) => {
      const { code } = programOf(outputsOf({ y, z: y.add(input('e')) }))
      const lines = code.map(({ op, args, value, input: place }) =>
        [op, ...args, Object.is(value, -0) ? '-0' : value, place].join(),
      )
      expect(new Set(lines).size).toBe(lines.length)
    }), { numRuns: 300, seed: 1 })
  })
})
