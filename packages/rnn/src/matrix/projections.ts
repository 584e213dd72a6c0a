import type { Backend } from '@recurra/backend'
import { input } from '@recurra/formula'
import {
  features, inSequence, linear, passOf, shortConvolution, variable, withoutPadding, type CallShape, type Pass,
  type Slots, type Variable, type Wire,
} from '@recurra/layers/authoring'
import { columns, reshape, type Tensor } from '@recurra/tensor'
import { DerivedFormula } from './derived-formula.ts'
import type { AnySpec } from './recurrence-formulas.ts'
import { lowRank } from './low-rank.ts'
import { viewOn, type Tape, type Traced } from './tape.ts'
import { tokenShift } from './token-shift.ts'

const copied = /* @__PURE__ */ new DerivedFormula({ y: input('x') })
const repeated = /* @__PURE__ */ new DerivedFormula({ y: input('x', 'column') })

/** The projections of a built layer. */
export interface Projections {
  readonly backend: Backend
  readonly spec: AnySpec
  readonly params: { readonly [name: string]: Variable }
}

/** What the formulas of a layer read of its input. */
export interface Projected {
  /** The products by name, convolved where they are: [steps, batch, width]. */
  readonly projected: { readonly [name: string]: Variable }
  /** The slots of the state: `x`, the input before, where inputs are shifted, and the inputs of convolutions. */
  readonly initial: Slots
  readonly final: Slots
  /** Some slots after each step: [steps, batch, …]. */
  readonly history: { readonly [slot: string]: Tensor }
  readonly pass: Pass
}

/** The products of the input, from a copy whose padding is 0: so all that follows is finite. */
export const project = ({ backend, spec, params }: Projections, x: Wire, callShape: CallShape): Projected => {
  const { steps, batch, mode } = callShape
  const whole = { ...callShape, lengths: undefined }
  const { x: clean, clean: cleaning } = x.symbols
    ? { x: x.value as Tensor, clean: [] } : withoutPadding(backend, features(x), callShape)
  const names = Object.keys(spec.projections)
  const mixes = names.filter((name) => !spec.mixedAs?.[name])
  const shift = spec.shifted ? tokenShift(
    backend, { value: reshape(clean, x.value.shape), grad: x.grad }, mixes.map((name) => params[`${name}Mix`]!),
    callShape,
  ) : undefined
  const made = names.map((name) => {
    const last = params[`${name}Weight`] ?? params[`${name}Up`]!
    return [name, variable(backend, [steps, batch, last.value.shape[1]!], mode === 'training')] as const
  })
  const passes = made.map(([name, y], i) => {
    const readBy = (one: string): string | undefined => shift && (spec.mixedAs?.[one] ?? one)
    const input = {
      x: shift ? shift.mixed[mixes.indexOf(readBy(name)!)]! : { ...x, value: clean },
      // The last one runs first in the backward pass.
      shared: names.slice(i + 1).some((later) => readBy(later) === readBy(name)),
    }
    const [weight, bias] = [params[`${name}Weight`], params[`${name}Bias`]]
    if (weight) return linear(backend, { ...input, weight, bias, y }, whole)
    return lowRank(backend, {
      ...input, down: params[`${name}Down`]!, up: params[`${name}Up`]!, bias, y,
      activation: spec.lowRank?.[name]?.activation,
    }, whole)
  })
  const products = Object.fromEntries(made)
  const convolved = Object.keys(spec.convolved ?? {}).map((name) => {
    const [weight, bias] = [params[`${name}Kernel`]!, params[`${name}KernelBias`]]
    return [name, shortConvolution(backend, { weight, bias }, products[name]!, callShape)] as const
  })
  const of = (when: 'initial' | 'final'): Slots => ({
    ...(shift && { x: shift[when] }),
    ...Object.fromEntries(convolved.flatMap(([name, one]) => Object.values(one[when]).map((slot) => [name, slot]))),
  })
  return {
    projected: { ...products, ...Object.fromEntries(convolved.map(([name, { y }]) => [name, y])) },
    initial: of('initial'),
    final: of('final'),
    history: { ...(shift && { x: shift.all }) },
    pass: inSequence(
      passOf(cleaning), ...(shift ? [shift.pass] : []), ...passes, ...convolved.map(([, { pass }]) => pass),
    ),
  }
}

/** One row for all heads, copied to each. */
export const spreadOverHeads = (tape: Tape, shared: Traced, heads: number): Traced => {
  const [steps, batch, keys] = shared.value.shape as [number, number, number]
  const y = tape.variable(steps, batch, heads * keys)
  const asRows = (of: Tensor): Tensor => reshape(of, [steps * batch, of.shape[2]!])
  for (let h = 0; h < heads; h++)
    tape.formula(copied, { y: viewOn(y, (of) => columns(asRows(of), h * keys, (h + 1) * keys)) }, {
      x: viewOn(shared, asRows),
    })
  return y
}

/** A parameter of all heads, [heads · columns], at each step: [rows, heads · columns]. */
export const spreadOverRows = (tape: Tape, of: Traced, rows: number): Traced => {
  const y = tape.variable(rows, of.value.shape[0]!)
  tape.formula(repeated, { y }, { x: of })
  return y
}
