import {
  accumulate, constant, differentiate, gradientOf, input, inputsOf, outputsOf, passesOf, select, substitute,
  sumOverRows, type Expression, type Program, type Target,
} from '@recurra/formula'
import { formulasOf, separated, useOf, type CellDefinition } from './cell-definition.ts'
import { operandOf } from './operands.ts'
import { stageOrder, type Run } from './stage-order.ts'

/**
 * Recurrent products and the formula that follows them, in as many programs as it needs. A cell has one stage, and one
 * more for each recurrent input that waits for another product (r of the reset-before GRU).
 */
export interface Stage {
  /** The products that come first. */
  readonly runs: readonly Run[]
  /** -> the state, or -> what the products of the next stages multiply. */
  readonly forward: readonly Program[]
  /** -> the gradients of the gates, of the state in place, and of what each unit has learned. */
  readonly backward: readonly Program[]
  /**
   * What the forward pass keeps of each step for the backward pass: numbers for each unit, and means over the units.
   */
  readonly saved: { readonly each: readonly string[]; readonly mean: readonly string[] }
  /** Means over the units that are needed within a step alone. */
  readonly means: readonly string[]
}

const mask = input('mask', 'row')

/** What a plan asks of the stages. */
export interface Unrolling {
  /** Whether rows of padding keep their state. */
  readonly masked: boolean
  /** Whether the shown slot is projected before it is kept: its formula then gives what is projected. */
  readonly projected: boolean
}

const derived = new WeakMap<CellDefinition, Map<number, Stage[]>>()

/** The stages of a cell, derived when they are first asked for: plans are many, cells few. */
export const stagesOf = (cell: CellDefinition, unrolling: Unrolling): readonly Stage[] => {
  const key = Number(unrolling.masked) + 2 * Number(unrolling.projected)
  const known = derived.get(cell) ?? new Map<number, Stage[]>()
  derived.set(cell, known)
  let stages = known.get(key)
  if (!stages) known.set(key, (stages = derive(cell, unrolling)))
  return stages
}

/** With `masked`, rows of padding keep their state and pass its gradient on; nothing else of them is let through. */
const derive = (cell: CellDefinition, { masked, projected }: Unrolling): Stage[] => {
  const use = useOf(cell)
  const gates = (role: 'x' | 'h' | 'gate'): string[] => cell.gates.map((name) => operandOf(role, name))
  const inputs = use === 'apart' ? [...gates('x'), ...gates('h')] : gates(use === 'input' ? 'x' : 'gate')
  const own = (e: Expression): Expression => (use === 'apart' ? separated(e) : e)
  const perUnit = [...inputsOf(formulasOf(cell)).values()].filter(({ kind }) => kind === 'column')
  const learned = perUnit.map(({ name }) => name)
  const next = (slot: string): string => operandOf('next', slot)
  const prev = (slot: string): string => operandOf('prev', slot)
  const real = (e: Expression, padding: Expression): Expression => (masked ? select(mask, e, padding) : e)
  // What the next layer sends back joins what comes from the next step.
  const carried = projected ? cell.state.slice(1) : cell.state
  const arriving = gradientOf(next(cell.state[0]!))

  const stage = (outputs: { readonly [name: string]: Expression }, runs: readonly Run[], last: boolean): Stage => {
    const {
      outputs: values,
      saved,
      gradients,
    } = differentiate(outputs, [...inputs, ...cell.state.map(prev), ...learned])
    const seeded = (e: Expression): Expression =>
      substitute(e, ({ op, name }) =>
        op === 'input' && name === arriving && last && !projected ? input(name).add(input('dy')) : undefined,
      )
    const gradient = (name: string): Expression => seeded(gradients[name] ?? constant(0))
    const backward: { [name: string]: Expression | Target } = {}
    // The last stage, which runs first backward, overwrites; earlier stages add, if they have something to add.
    const write = (name: string, value: Expression, padding: Expression): void => {
      if (last) backward[name] = real(value, padding)
      else if (value.op !== 'constant') backward[name] = accumulate(real(value, constant(0)))
    }
    for (const name of inputs) write(gradientOf(name), gradient(name), constant(0))
    // The gradient of a slot before the step replaces that after it.
    for (const slot of carried) write(gradientOf(next(slot)), gradient(prev(slot)), input(gradientOf(next(slot))))
    for (const name of learned) {
      const value = gradient(name)
      if (value.op !== 'constant') backward[gradientOf(name)] = accumulate(sumOverRows(real(value, constant(0))))
    }
    const kept = last ? Object.fromEntries(cell.state.map((slot) =>
      [next(slot), real(values[next(slot)]!, carried.includes(slot) ? input(prev(slot)) : constant(0))])) : values
    const forwardPasses = passesOf(outputsOf({ ...kept, ...saved }))
    const backwardPasses = passesOf(outputsOf(backward))
    const names = (mean: boolean): string[] =>
      Object.keys(saved).filter((name) => (saved[name]!.op === 'mean') === mean)
    return {
      runs,
      forward: forwardPasses.programs,
      backward: backwardPasses.programs,
      saved: { each: names(false), mean: names(true) },
      means: [...new Set([...forwardPasses.means, ...backwardPasses.means])],
    }
  }

  const order = stageOrder(cell)
  return order.map(({ runs, sources }, level) => {
    const last = level === order.length - 1
    const outputs = last
      ? cell.state.map((slot) => [next(slot), own(cell.next[slot]!)] as const)
      : sources.map((k) => [operandOf('source', k), own(cell.recurrentInputs[k]!.value)] as const)
    return stage(Object.fromEntries(outputs), runs, last)
  })
}
