import { input, select } from '@recurra/formula'
import {
  angleOf, DerivedFormula, disjointView, overSteps, passOf, turnPairs, viewOn, type CallShape, type Tape, type Variable,
} from '@recurra/layers/authoring'
import { at, reshape, rows, viewOf, type Tensor } from '@recurra/tensor'

const [a, b] = [input('a'), input('b')]
const [cos, sin] = [input('cos', 'row'), input('sin', 'row')]
const back = /* @__PURE__ */ new DerivedFormula({ c: a.mul(cos).add(b.mul(sin)), d: b.mul(cos).sub(a.mul(sin)) })

/** One more step where it is real; the length stays 1, or the product of many cosines would drift from it. */
const next = /* @__PURE__ */ (() => {
  const [cos, sin, mask] = [input('cosBefore'), input('sinBefore'), input('mask', 'row')]
  const [ofStep, height] = [input('cosOfStep', 'column'), input('sinOfStep', 'column')]
  const [x, y] = [cos.mul(ofStep).sub(sin.mul(height)), sin.mul(ofStep).add(cos.mul(height))]
  const toLength = x.mul(x).add(y.mul(y)).neg().add(3).div(2) // 1 / its root, near 1
  return new DerivedFormula({ cos: select(mask, x.mul(toLength), cos), sin: select(mask, y.mul(toLength), sin) })
})()

/** How far each pair of rows has turned since the start of the call, after each step: [steps, batch, pairs]. */
export interface Turns {
  readonly cos: Tensor
  readonly sin: Tensor
}

/** Counts the real steps of a call. */
export const turnsOf = (tape: Tape, pairs: number, { steps, batch, lengths }: CallShape): Turns => {
  const { backend } = tape
  const table = (f: (angle: number) => number, count: number, rows: number): Tensor => {
    const made = backend.zeros([count, rows, pairs])
    backend.write(made, Float64Array.from({ length: count * rows * pairs }, (_, i) =>
      f((1 + Math.floor(i / pairs / rows)) * angleOf(i % pairs, pairs))))
    return made
  }
  if (!lengths) return { cos: table(Math.cos, steps, batch), sin: table(Math.sin, steps, batch) }
  const [cosines, sines] = [backend.zeros([steps + 1, batch, pairs]), backend.zeros([steps + 1, batch, pairs])]
  backend.write(cosines, new Float64Array((steps + 1) * batch * pairs).fill(1))
  const after = (of: Tensor): Tensor => rows(of, 1, steps + 1)
  const before = (of: Tensor): Tensor => rows(of, 0, steps)
  const ofStep = (f: (angle: number) => number): Tensor => reshape(table(f, 1, 1), [pairs])
  const memory = {
    mask: lengths.mask, cosOfStep: ofStep(Math.cos), sinOfStep: ofStep(Math.sin),
    cosBefore: before(cosines), sinBefore: before(sines), cos: after(cosines), sin: after(sines),
  }
  const kernels = next.forward.programs.map((program) => backend.formula(program, memory))
  tape.run(overSteps(steps, passOf(kernels)))
  return { cos: memory.cos, sin: memory.sin }
}

/** Turns rows x [steps · batch, heads · keys] as far as their step has come, to y. */
export const turnRows = (tape: Tape, { cos, sin }: Turns, x: Variable, y: Variable, heads: number): void => {
  const rows = (of: Tensor): Tensor => reshape(of, [x.value.shape[0]!, of.shape[2]!])
  turnPairs(tape, { cos: rows(cos), sin: rows(sin) }, x, y, heads)
}

/**
 * The state after a call, [batch · heads, keys, values], as its last step sees it: turned back as far as the call has
 * come. So the next call begins to count again, and no angle grows.
 */
export const turnState = (tape: Tape, { cos, sin }: Turns, state: Variable, heads: number): Variable => {
  const [groups, keys, values] = state.value.shape as [number, number, number]
  const y = tape.variable(groups, keys, values)
  const last = (of: Tensor): Variable => tape.constant(at(of, of.shape[0]! - 1))
  const tables = { cos: last(cos), sin: last(sin) }
  const [batch, pairs] = [groups / heads, keys / 2]
  for (let h = 0; h < heads; h++) {
    const half = (i: number) => (of: Tensor): Tensor =>
      viewOf(
        of, [batch, pairs, values], [heads * keys * values, values, 1], of.offset + (h * keys + i * pairs) * values,
      )
    tape.formula(back, { c: disjointView(y, half(0)), d: disjointView(y, half(1)) }, {
      ...tables, a: viewOn(state, half(0)), b: viewOn(state, half(1)),
    }, { grouped: true })
  }
  return y
}
