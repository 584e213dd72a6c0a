import { exp, gradientOf, input, max, min, select, writtenAs, type Expression } from '@recurra/formula'
import {
  copy, DerivedFormula, overSteps, passOf, variable, viewOn, type CallShape, type Tape, type Variable,
} from '@recurra/layers/authoring'
import { at, reshape, rows, type Tensor } from '@recurra/tensor'
import type { Stabilized } from './recurrence-spec.ts'

/**
 * m is the largest so far of all input gates, each decayed to now; the gates and 1 are divided by it, 1 only as far as
 * the result is finite. `before` is the m of the step before.
 */
export const stabilizerStep = (
  real: (value: Expression, padding: Expression | number) => Expression = (value) => value,
): { readonly [output in 'm' | Stabilized]: Expression } => {
  const [logDecay, logInput, before] = [input('logDecay'), input('logInput'), input('before')]
  const m = real(max(logDecay.add(before), logInput), before)
  return {
    m,
    decay: real(exp(logDecay.add(before).sub(m)), 1),
    input: real(exp(logInput.sub(m)), 0),
    floor: exp(min(m.neg(), 80)),
  }
}
const whole = /* @__PURE__ */ new DerivedFormula(/* @__PURE__ */ stabilizerStep())
const padded = /* @__PURE__ */ new DerivedFormula(
  /* @__PURE__ */ stabilizerStep((value, padding) => select(input('mask', 'row'), value, padding)),
)

const read = ['logDecay', 'logInput'] as const

/** What there is per head after it. */
export const stabilized: readonly Stabilized[] = ['decay', 'input', 'floor']

/** The slot m before the first step and after the last one. */
export interface StabilizerSlot {
  readonly initial: Variable
  readonly final: Variable
  /** After each step: [steps, batch, heads]. */
  readonly all: Tensor
}

/** Memory of what there is per head, by name: [steps * batch, heads]. */
export type PerHead = ReadonlyMap<string, Variable>

/** Divides exponential gates by the largest so far, step by step, so that they cannot overflow. */
export const stabilize = (
  tape: Tape, perHead: PerHead, { steps, batch, lengths }: CallShape, heads: number,
): StabilizerSlot => {
  const { backend, training } = tape
  const history = backend.zeros([steps + 1, batch, heads])
  const slot = (step: number): Variable =>
    ({ value: at(history, step), grad: variable(backend, [batch, heads], training).grad })
  const [initial, final] = [slot(0), slot(steps)]
  const memory: { [operand: string]: Tensor } = {
    ...(lengths && { mask: lengths.mask }),
    before: rows(history, 0, steps), m: rows(history, 1, steps + 1), 'y.m': rows(history, 1, steps + 1),
    'd.before': initial.grad, 'd.m': initial.grad, // one place carries it back through all steps
  }
  const perStep = (of: Tensor): Tensor => reshape(of, [steps, batch, heads])
  const own = [...read, ...stabilized].map((name) => [name, viewOn(perHead.get(name)!, perStep)] as const)
  for (const [name, { value }] of own) memory[name] = memory[writtenAs(name)] = value
  const formula = lengths ? padded : whole
  const bind = ({ programs }: typeof formula.forward) => programs.map((program) => backend.formula(program, memory))
  tape.record({
    forward: [overSteps(steps, passOf(bind(formula.forward))).forward],
    backward(claim) {
      for (const [name, { grad }] of own) memory[gradientOf(name)] = grad
      const claimed = read.map((name) => ({ name, ...claim(perHead.get(name)!) }))
      const gradients = bind(formula.backward([...claimed, { name: 'before', adds: false }]))
      return [
        ...claimed.flatMap(({ clear }) => clear), copy(backend, final.grad, initial.grad),
        overSteps(steps, passOf([], gradients)).backward,
      ]
    },
  })
  return { initial, final, all: rows(history, 1, steps + 1) }
}
