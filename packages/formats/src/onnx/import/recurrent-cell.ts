import type { Blueprint } from '@recurra/layers'
import { formulaCell, gru, gruResetBefore, lstm, peepholeLstm, rnn, type RecurrentOptions } from '@recurra/rnn'
import { fromStart, gateFormulas, type GateForm } from './gate-formulas.ts'
import { gateFunctions, type GateFunction, type RecurrentKind } from './gate-functions.ts'
import type { OperatorCall } from './operator.ts'

/** What the inputs of the operator change in its formula. */
interface Form extends Pick<GateForm, 'coupled' | 'peepholes'> {
  /** Whether its state starts elsewhere than at 0. */
  readonly start: boolean
}

type Make = (units: number, options: Pick<RecurrentOptions, 'reverse' | 'biases'>) => Blueprint

/**
 * The cell of each direction of a recurrent operator: one of ours, or its formula. Directions with the same functions
 * have the same cell.
 * @throws `ValueError` if one has a function that the standard has not.
 */
export const recurrentCells = (
  kind: RecurrentKind, call: OperatorCall, directions: number, form: Form,
): readonly Make[] => {
  const all = gateFunctions(kind, call.attributes, directions, call.where)
  const each = all.length / directions
  const made = new Map<string, Make>()
  return Array.from({ length: directions }, (_, d) => {
    const functions = all.slice(d * each, (d + 1) * each)
    const written = JSON.stringify(functions.map(({ of }) => of('x')))
    const make = made.get(written) ?? cellOf(kind, call, functions, form)
    made.set(written, make)
    return make
  })
}

const cellOf = (
  kind: RecurrentKind, { attributes }: OperatorCall, functions: readonly GateFunction[],
  { coupled, peepholes, start }: Form,
): Make => {
  const clip = attributes.float('clip', 0)
  const resetBefore = attributes.integer('linear_before_reset', 0) === 0
  const [first, second, output = second] = functions.map(({ name }) => name)
  const isPlain = clip === 0 && !coupled && !start && output === second
  const isOurs = isPlain && functions.every(({ name }) => name !== undefined)
  if (!isOurs) {
    const form: GateForm = { functions, clip, coupled, peepholes, resetBefore }
    const formula = start ? fromStart(gateFormulas[kind](form)) : gateFormulas[kind](form)
    return (units, options) => formulaCell(units, { ...formula, ...options }) as Blueprint
  }
  if (kind === 'RNN')
    return (units, options) =>
      rnn(units, { ...options, ...(first !== 'tanh' && { activation: first! }) }) as unknown as Blueprint
  const usual = first === 'sigmoid' && second === 'tanh'
  const cell = kind === 'GRU' ? (resetBefore ? gruResetBefore : gru) : peepholes ? peepholeLstm : lstm
  return (units, options) =>
    (cell as (size: number, options: object) => unknown)(
      units, { ...options, ...(!usual && { recurrentActivation: first, activation: second }) },
    ) as Blueprint
}
