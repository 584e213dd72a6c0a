import { accumulate, constant, differentiate, input, inputsOf, outputsOf, passesOf, select, substitute, sumOverRows, type Expression, type Program, type Target } from '@recurra/formula'
import type { CellDefinition } from './cell-definition.ts'

/**
 * One recurrent product and the formula that follows it, in as many programs as it needs. A cell has one stage, or two where some gates multiply
 * something that must be computed first (the reset-before GRU).
 */
export interface Stage {
  /** The gates whose product comes first, as places in `gates`; from = to where there is none. */
  readonly gates: readonly [from: number, to: number]
  /** -> the state, or -> `source`, what the next stage's product multiplies. */
  readonly forward: readonly Program[]
  /** -> d.gate.*, d.<slot> in place, d.vector.* */
  readonly backward: readonly Program[]
  /** What the forward pass keeps of each step for the backward pass: numbers for each unit, and means over the units. */
  readonly saved: { readonly each: readonly string[]; readonly mean: readonly string[] }
  /** Means over the units that are needed within a step alone. */
  readonly means: readonly string[]
}

/**
 * How a cell uses its two products. 'sum': only as x + h, so that both go into one buffer. 'apart': each for itself.
 * 'input': h is not multiplied at all.
 */
export type Use = 'sum' | 'apart' | 'input'

export const useOf = (cell: CellDefinition): Use => {
  const names = [...inputsOf(Object.values(cell.next)).keys()]
  const reads = (prefix: string): boolean => names.some((name) => name.startsWith(prefix))
  if (reads('h.')) return 'apart'
  return reads('x.') ? (reads('gate.') ? 'apart' : 'input') : 'sum'
}

const mask = input('mask', 'row')

const derived = [new WeakMap<CellDefinition, Stage[]>(), new WeakMap<CellDefinition, Stage[]>()] as const

/** The stages of a cell, derived when they are first asked for: plans are many, cells few. */
export const stagesOf = (cell: CellDefinition, masked: boolean): readonly Stage[] => {
  const known = derived[masked ? 1 : 0]
  let stages = known.get(cell)
  if (!stages) known.set(cell, (stages = derive(cell, masked)))
  return stages
}

/** With `masked`, rows of padding keep their state and pass its gradient on; nothing else of them is let through. */
const derive = (cell: CellDefinition, masked: boolean): Stage[] => {
  const use = useOf(cell)
  const gate = (name: string): string => (use === 'input' ? `x.${name}` : `gate.${name}`)
  const inputs = use === 'apart' ? [...cell.gates.map((g) => `x.${g}`), ...cell.gates.map((g) => `h.${g}`)] : cell.gates.map(gate)
  const spread = (e: Expression): Expression =>
    use !== 'apart' ? e : substitute(e, ({ op, name }) =>
      op === 'input' && name.startsWith('gate.') ? input(`x.${name.slice(5)}`).add(input(`h.${name.slice(5)}`)) : undefined)
  const [shown] = cell.state
  const real = (e: Expression, padding: Expression): Expression => (masked ? select(mask, e, padding) : e)

  const stage = (outputs: { [name: string]: Expression }, gates: readonly [number, number], last: boolean): Stage => {
    const wrt = [...inputs, ...cell.state.map((s) => `prev.${s}`), ...cell.vectors.map((v) => `vector.${v}`)]
    const { outputs: values, saved, gradients } = differentiate(outputs, wrt)
    // What the next layer sends back joins what comes from the next step.
    const seeded = (e: Expression): Expression =>
      substitute(e, ({ op, name }) => (op === 'input' && name === `d.${shown}` && last ? input(name).add(input('dy')) : undefined))
    const gradient = (name: string): Expression => seeded(gradients[name] ?? constant(0))
    const backward: { [name: string]: Expression | Target } = {}
    // The last stage, first on the way back, overwrites; one before it adds where it has something to add.
    const write = (name: string, value: Expression, padding: Expression): void => {
      if (last) backward[name] = real(value, padding)
      else if (value.op !== 'constant') backward[name] = accumulate(real(value, constant(0)))
    }
    for (const name of inputs) write(`d.${name}`, gradient(name), constant(0))
    for (const s of cell.state) write(`d.${s}`, gradient(`prev.${s}`), input(`d.${s}`))
    for (const v of cell.vectors) {
      const value = gradient(`vector.${v}`)
      if (value.op !== 'constant') backward[`d.vector.${v}`] = accumulate(sumOverRows(real(value, constant(0))))
    }
    const forward = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, last ? real(value, input(`prev.${name}`)) : value]))
    const [ahead, back] = [passesOf(outputsOf({ ...forward, ...saved })), passesOf(outputsOf(backward))]
    const names = (mean: boolean): string[] => Object.keys(saved).filter((name) => (saved[name]!.op === 'mean') === mean)
    return { gates, forward: ahead.programs, backward: back.programs, saved: { each: names(false), mean: names(true) }, means: [...new Set([...ahead.means, ...back.means])] }
  }

  const next = Object.fromEntries(Object.entries(cell.next).map(([name, value]) => [name, spread(value)]))
  const count = cell.gates.length
  if (!cell.through) return [stage(next, [0, count], true)]
  const split = count - cell.through.gates.length
  return [stage({ source: spread(cell.through.value) }, [0, split], false), stage(next, [split, count], true)]
}
