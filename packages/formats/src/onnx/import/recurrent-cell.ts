import type { Blueprint } from '@recurra/layers'
import { formulaCell, gru, gruResetBefore, lstm, peepholeLstm, rnn, type RecurrentOptions } from '@recurra/rnn'
import { unsupported } from './faults.ts'
import { gateFormulas, type GateForm } from './gate-formulas.ts'
import { gateFunctions, type RecurrentKind } from './gate-functions.ts'
import type { OperatorCall } from './operator.ts'

type Make = (units: number, options: Pick<RecurrentOptions, 'reverse' | 'biases'>) => Blueprint

/**
 * The cell of a recurrent operator, with the same functions in each of its directions: one of ours, or its formula.
 * @throws `ValueError` if directions have other functions, or one has a function that the standard has not.
 */
export const recurrentCell = (
  kind: RecurrentKind, { attributes, where }: OperatorCall, directions: number,
  { coupled, peepholes }: Pick<GateForm, 'coupled' | 'peepholes'>,
): Make => {
  const all = gateFunctions(kind, attributes, directions, where)
  const each = all.length / directions
  const functions = all.slice(0, each)
  const written = all.map(({ of }) => JSON.stringify(of('x')))
  if (written.some((one, i) => one !== written[i % each]))
    throw unsupported(where, 'the same activations in both directions', attributes.texts('activations').join(', '))
  const clip = attributes.float('clip', 0)
  const resetBefore = attributes.integer('linear_before_reset', 0) === 0
  const [first, second, output = second] = functions.map(({ name }) => name)
  const isOurs = clip === 0 && !coupled && output === second && functions.every(({ name }) => name !== undefined)
  if (!isOurs) {
    const form: GateForm = { functions, clip, coupled, peepholes, resetBefore }
    return (units, options) => formulaCell(units, { ...gateFormulas[kind](form), ...options }) as Blueprint
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
