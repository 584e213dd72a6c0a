import { input } from '@recurra/formula'
import {
  copied, DerivedFormula, disjointView, shortConvolution, viewOn, type CallShape, type Slots, type Tape, type Variable,
  type Wire,
} from '@recurra/layers/authoring'
import { columns, reshape, type Tensor } from '@recurra/tensor'
import type { AnySpec } from './recurrence-formulas.ts'
import { lowRank } from './low-rank.ts'
import { tokenShift } from './token-shift.ts'

const repeated = /* @__PURE__ */ new DerivedFormula({ y: input('x', 'column') })

/** The projections of a built layer. */
export interface Projections {
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
}

/** The products of the input, from a copy whose padding is 0: so all that follows is finite. */
export const project = (tape: Tape, { spec, params }: Projections, x: Wire, callShape: CallShape): Projected => {
  const { steps, batch } = callShape
  const whole = { ...callShape, lengths: undefined }
  const clean = x.symbols ? x : viewOn(tape.withoutPadding(x, callShape), (of) => reshape(of, x.value.shape))
  const names = Object.keys(spec.projections)
  const mixes = names.filter((name) => !spec.mixedAs?.[name])
  const shift = spec.shifted
    ? tokenShift(tape, clean as Variable, mixes.map((name) => params[`${name}Mix`]!), callShape) : undefined
  const products = Object.fromEntries(names.map((name) => {
    const mixed = shift?.mixed[mixes.indexOf(spec.mixedAs?.[name] ?? name)]
    const [weight, bias] = [params[`${name}Weight`], params[`${name}Bias`]]
    const [down, up] = [params[`${name}Down`]!, params[`${name}Up`]!]
    const y = tape.variable(steps, batch, (weight ?? up).value.shape[1]!)
    const operands = { x: mixed ?? clean, bias, y }
    if (weight) tape.linear({ ...operands, weight }, whole)
    else lowRank(tape, { ...operands, down, up, activation: spec.lowRank?.[name]?.activation }, whole)
    return [name, y] as const
  }))
  const convolved = Object.keys(spec.convolved ?? {}).map((name) => {
    const [weight, bias] = [params[`${name}Kernel`]!, params[`${name}KernelBias`]]
    const made = shortConvolution(tape.backend, { weight, bias }, products[name]!, callShape)
    tape.run(made.pass, products[name]!)
    return [name, made] as const
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
  }
}

/** One row for all heads, copied to each. */
export const spreadOverHeads = (tape: Tape, shared: Variable, heads: number): Variable => {
  const [steps, batch, keys] = shared.value.shape as [number, number, number]
  const y = tape.variable(steps, batch, heads * keys)
  const asRows = (of: Tensor): Tensor => reshape(of, [steps * batch, of.shape[2]!])
  for (let h = 0; h < heads; h++)
    tape.formula(copied, { y: disjointView(y, (of) => columns(asRows(of), h * keys, (h + 1) * keys)) }, {
      x: viewOn(shared, asRows),
    })
  return y
}

/** A parameter of all heads, [heads · columns], at each step: [rows, heads · columns]. */
export const spreadOverRows = (tape: Tape, of: Variable, rows: number): Variable => {
  const y = tape.variable(rows, of.value.shape[0]!)
  tape.formula(repeated, { y }, { x: of })
  return y
}
