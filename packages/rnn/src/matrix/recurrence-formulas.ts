import { constant, input, select, type Expression, type OperandKind } from '@recurra/formula'
import { strict } from '../expect-cell.ts'
import { DerivedFormula } from './derived-formula.ts'
import type { MatrixRecurrenceSpec, Per } from './recurrence-spec.ts'

/** A spec whose names are any. */
export type AnySpec = MatrixRecurrenceSpec<string, string, string>

/** The formulas of a recurrence, for one number of each grid that they run on. */
export interface RecurrenceFormulas {
  /** Over [steps · batch, heads]; undefined if nothing is computed per head. */
  readonly head: DerivedFormula | undefined
  /** The names of what is per head, in the order of their computation. */
  readonly heads: readonly string[]
  /** Over [steps · batch · heads, keys]. */
  readonly key: DerivedFormula
  /** What `key` gives: query, key, and decay, read and write where it does. */
  readonly rows: readonly string[]
  /** Over [steps · batch · heads, values]. */
  readonly value: DerivedFormula
  /** Over [steps · batch · heads, values]. */
  readonly output: DerivedFormula
}

const none = constant(0)
const what = { x: 'projection of this grid', param: 'parameter of this grid' }

/** Derives them; with `masked`, padding keeps the state, and gives 0. Errors name the layer, `where`. */
export const formulasOf = (spec: AnySpec, keys: number, masked: boolean, where: string): RecurrenceFormulas => {
  const { projections, params = {}, stabilized, normalized = false } = spec
  const scope = (stage: 'head' | 'key' | 'value') => {
    const belongs = (per: Per): boolean => per === stage || (per === 'sharedKey' && stage === 'key')
    const named = (role: 'x' | 'param', names: readonly string[], kind: OperandKind = 'element') =>
      strict(Object.fromEntries(names.map((name) => [name, input(`${role}.${name}`, kind)])), what[role], where)
    return {
      x: named('x', Object.keys(projections).filter((name) => belongs(projections[name]!))),
      param: named('param', Object.keys(params).filter((name) => params[name]![0] === stage), 'column'),
    }
  }
  const mask = input('mask', 'row')
  const real = (value: Expression, padding: Expression | number): Expression =>
    masked ? select(mask, value, padding) : value
  const logs = stabilized?.(scope('head'))
  const perHead: { [name: string]: Expression } = { ...spec.head?.(scope('head')), ...logs }
  if (perHead['decay']) perHead['decay'] = real(perHead['decay'], 1)
  const heads = [...Object.keys(perHead), ...(logs ? ['decay', 'input', 'floor'] : [])]
  const head = strict(
    Object.fromEntries(heads.map((name) => [name, input(`head.${name}`, 'row')])), 'value per head', where,
  )
  const { query, key, decay, read, write } = spec.key({ ...scope('key'), head, keys })
  const rows = {
    query, key: real(key, 0), ...(decay && { decay: real(decay, 1) }),
    ...(read && write && { read, write: real(write, 0) }),
  }
  const value = spec.value({ ...scope('value'), head })
  const [y, norm] = [input('y'), normalized ? input('norm', 'row') : none]
  const output = spec.output?.({ ...scope('value'), head, y, value, norm }) ?? y
  return {
    head: Object.keys(perHead).length > 0 ? new DerivedFormula(perHead) : undefined,
    heads,
    key: new DerivedFormula(rows),
    rows: Object.keys(rows),
    value: new DerivedFormula({ value }),
    output: new DerivedFormula({ out: real(output, 0) }),
  }
}
