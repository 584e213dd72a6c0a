import {
  abs, accumulate, column, constant, equal, exp, input, log, log1p, max, maxOverColumns, outputsOf, programOf, select,
  sigmoid, sqrt, square, sumOverAll, sumOverColumns, sumOverRows, tanh, type Expression, type OperandKind, type Program,
  type Target,
} from '@recurra/formula'
import fc from 'fast-check'

/** The inputs that a random formula may read; `e` is also written, in place. */
export const operands: Readonly<Record<string, OperandKind>> = {
  e: 'element',
  f: 'element',
  u: 'column',
  v: 'column',
  r: 'row',
  s: 'scalar',
}
const inputs = Object.entries(operands).map(([name, kind]) => input(name, kind))

/**
 * Expressions of inputs within [-2, 2] that stay of that magnitude and smooth, so that rounding errors do not grow: the
 * test compares backends, not the conditioning of formulas. Selections depend only on inputs, which are exact.
 */
export const expressions: fc.Arbitrary<Expression> = fc.letrec<{ expression: Expression }>((tie) => {
  const leaf = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...inputs) },
    { weight: 1, arbitrary: fc.constantFrom(-1.5, -1, 0, 0.25, 1, 2).map(constant) },
    { weight: 1, arbitrary: fc.constant(tanh(column.mul(0.125))) },
  )
  const part = tie('expression')
  const one = (make: (x: Expression) => Expression): fc.Arbitrary<Expression> => part.map(make)
  const two = (make: (x: Expression, y: Expression) => Expression): fc.Arbitrary<Expression> =>
    fc.tuple(part, part).map(([x, y]) => make(x, y))
  const given = fc.constantFrom(...inputs)
  return {
    expression: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'formula' },
      leaf,
      one(sigmoid),
      one(tanh),
      one(abs),
      one((x) => x.neg()),
      one((x) => exp(tanh(x))),
      one((x) => log(square(x).add(1))),
      one((x) => log1p(square(x))),
      one((x) => sqrt(square(x).add(0.5))),
      two((x, y) => x.add(y).mul(0.5)),
      two((x, y) => x.sub(y).mul(0.5)),
      two((x, y) => tanh(x).mul(y)),
      two((x, y) => x.div(square(y).add(1))),
      two(max),
      fc.tuple(given, part, part).map(([test, x, y]) => select(test, x, y)),
      fc.tuple(given, given, part).map(([x, y, z]) => z.add(equal(x, y))),
    ),
  }
}).expression

const targets: readonly ((x: Expression) => Expression | Target)[] = [
  (x) => x,
  sumOverColumns,
  maxOverColumns,
  sumOverRows,
  sumOverAll,
]
const target: fc.Arbitrary<Expression | Target> = fc
  .tuple(expressions, fc.constantFrom(...targets), fc.boolean())
  .map(([value, lay, more]) => (more ? accumulate(lay(value)) : lay(value)))

/** Programs of up to three outputs with reductions of every kind, some of them in place. */
export const programs: fc.Arbitrary<Program> = fc
  .record({ y: target, z: target, e: expressions }, { requiredKeys: ['y'] })
  .map((outputs) => programOf(outputsOf(outputs as { [name: string]: Expression | Target })))
