import { input, select, type Expression } from '@recurra/formula'
import { overSteps, passOf, variable, type CallShape, type Pass } from '@recurra/layers/authoring'
import { at, columns, reshape, rows, viewOf, type Tensor } from '@recurra/tensor'
import { DerivedFormula } from './derived-formula.ts'
import { fixed, partOf, viewOn, type Tape, type Traced } from './tape.ts'

const [a, b] = [input('a'), input('b')]
const turned = (cos: Expression, sin: Expression): { readonly [name: string]: Expression } =>
  ({ c: a.mul(cos).sub(b.mul(sin)), d: b.mul(cos).add(a.mul(sin)) })
const forward = /* @__PURE__ */ new DerivedFormula(/* @__PURE__ */ turned(input('cos'), input('sin')))
const back = /* @__PURE__ */ new DerivedFormula(
  /* @__PURE__ */ turned(input('cos', 'row'), /* @__PURE__ */ input('sin', 'row').neg()),
)

/** One more step where it is real; the length stays 1, or the product of many cosines would drift from it. */
const next = /* @__PURE__ */ (() => {
  const [cos, sin, mask] = [input('cosBefore'), input('sinBefore'), input('mask', 'row')]
  const [ofStep, height] = [input('cosOfStep', 'column'), input('sinOfStep', 'column')]
  const [x, y] = [cos.mul(ofStep).sub(sin.mul(height)), sin.mul(ofStep).add(cos.mul(height))]
  const toLength = x.mul(x).add(y.mul(y)).neg().add(3).div(2) // 1 / its root, near 1
  return new DerivedFormula({ cos: select(mask, x.mul(toLength), cos), sin: select(mask, y.mul(toLength), sin) })
})()

/** The angle by which a pair of rows turns at each step (Su et al. 2021). */
export const angleOf = (pair: number, pairs: number): number => 10_000 ** (-pair / pairs)

/** How far each pair of rows has turned since the start of the call, after each step: [steps, batch, pairs]. */
export interface Turns {
  readonly cos: Tensor
  readonly sin: Tensor
  /** Computes them, where that depends on which steps are real. */
  readonly pass: Pass
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
  if (!lengths) return { cos: table(Math.cos, steps, batch), sin: table(Math.sin, steps, batch), pass: passOf([]) }
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
  return { cos: memory.cos, sin: memory.sin, pass: overSteps(steps, passOf(kernels)) }
}

/**
 * Rows x [steps · batch, heads · keys], turned as far as the step has come, to y: the first half of a head's keys and
 * the second are the pairs.
 */
export const turnRows = (tape: Tape, { cos, sin }: Turns, x: Traced, y: Traced, heads: number): void => {
  const [count, width] = x.value.shape as [number, number]
  const pairs = width / heads / 2
  const table = (of: Tensor): Traced => fixed(tape.backend, reshape(of, [count, pairs]))
  const tables = { cos: table(cos), sin: table(sin) }
  for (let h = 0; h < heads; h++) {
    const half = (i: number) => (of: Tensor): Tensor => columns(of, (2 * h + i) * pairs, (2 * h + i + 1) * pairs)
    tape.formula(forward, { c: viewOn(y, half(0)), d: viewOn(y, half(1)) }, {
      ...tables, a: partOf(x, half(0)), b: partOf(x, half(1)),
    })
  }
}

/**
 * The state after a call, [batch · heads, keys, values], as its last step sees it: turned back as far as the call has
 * come. So the next call begins to count again, and no angle grows.
 */
export const turnState = (tape: Tape, { cos, sin }: Turns, state: Traced, heads: number): Traced => {
  const [groups, keys, values] = state.value.shape as [number, number, number]
  const y = variable(tape.backend, [groups, keys, values], tape.training)
  const last = (of: Tensor): Traced => fixed(tape.backend, at(of, of.shape[0]! - 1))
  const tables = { cos: last(cos), sin: last(sin) }
  const [batch, pairs] = [groups / heads, keys / 2]
  for (let h = 0; h < heads; h++) {
    const half = (i: number) => (of: Tensor): Tensor =>
      viewOf(
        of, [batch, pairs, values], [heads * keys * values, values, 1], of.offset + (h * keys + i * pairs) * values,
      )
    tape.formula(back, { c: viewOn(y, half(0)), d: viewOn(y, half(1)) }, {
      ...tables, a: partOf(state, half(0)), b: partOf(state, half(1)),
    }, { grouped: true })
  }
  return y
}
