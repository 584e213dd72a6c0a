import { input } from '@recurra/formula'
import { asRows, columns, type Tensor } from '@recurra/tensor'
import { DerivedFormula } from '../derived-formula.ts'
import type { Tape } from '../tape.ts'
import { disjointView, viewOn, type Variable } from '../variable.ts'

const [a, b, cos, sin] = [input('a'), input('b'), input('cos'), input('sin')]
const rotation = /* @__PURE__ */ new DerivedFormula({ c: a.mul(cos).sub(b.mul(sin)), d: b.mul(cos).add(a.mul(sin)) })

/** The angle by which a pair turns at each step (Su et al. 2021). */
export const angleOf = (pair: number, pairs: number): number => 10_000 ** (-pair / pairs)

/** Cosines and sines, one for each row and pair: [rows, pairs]. */
export interface Angles {
  /** The cosines. */
  readonly cos: Tensor
  /** The sines. */
  readonly sin: Tensor
}

/**
 * Turns rows x, [rows, heads · 2 · pairs], by angles, to y: the first half of the columns of a head and the second are
 * the pairs.
 */
export const turnPairs = (tape: Tape, { cos, sin }: Angles, x: Variable, y: Variable, heads: number): void => {
  const pairs = cos.shape[1]!
  const angles = { cos: tape.constant(cos), sin: tape.constant(sin) }
  for (let h = 0; h < heads; h++) {
    const half = (i: number) => (of: Tensor): Tensor => columns(of, (2 * h + i) * pairs, (2 * h + i + 1) * pairs)
    tape.formula(rotation, { c: disjointView(y, half(0)), d: disjointView(y, half(1)) }, {
      ...angles, a: viewOn(x, half(0)), b: viewOn(x, half(1)),
    })
  }
}

/** What is turned, and how. */
export interface Rotation {
  /** [steps, batch, heads · size] */
  readonly x: Variable
  /** How many heads lie side by side in a row. */
  readonly heads: number
  /** The position of the first step: only differences of positions matter. */
  readonly first: number
}

/**
 * Rotary position embedding: x with the halves of each head as pairs, which are turned by the position (Su et al. 2021,
 * GPT-NeoX order).
 */
export const rotated = (tape: Tape, { x, heads, first }: Rotation): Variable => {
  const { backend } = tape
  const [steps, batch, width] = x.value.shape as [number, number, number]
  const pairs = width / heads / 2
  const table = (f: (angle: number) => number): Tensor => {
    const made = backend.zeros([steps * batch, pairs])
    backend.write(made, Float64Array.from({ length: steps * batch * pairs }, (_, i) =>
      f((first + Math.floor(i / pairs / batch)) * angleOf(i % pairs, pairs))))
    return made
  }
  const y = tape.variable(steps, batch, width)
  turnPairs(tape, { cos: table(Math.cos), sin: table(Math.sin) }, viewOn(x, asRows), viewOn(y, asRows), heads)
  return y
}
