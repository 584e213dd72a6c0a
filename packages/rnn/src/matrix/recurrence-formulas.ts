import { constant, input, meanOverColumns, select, type Expression, type OperandKind } from '@recurra/formula'
import { strict } from '../expect-cell.ts'
import { DerivedFormula } from './derived-formula.ts'
import type { MatrixRecurrenceSpec, ParamPer, Per } from './recurrence-spec.ts'

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
  /** What `key` gives: query, key, and decay, read, write and score where it does. */
  readonly rows: readonly string[]
  /** Over [steps · batch · heads, values]. */
  readonly value: DerivedFormula
  /** Over [steps · batch · heads, values]. */
  readonly output: DerivedFormula
}

const none = constant(0)
const what = { x: 'projection of this grid', param: 'parameter of this grid' }

const perHead = (stage: 'head' | 'key' | 'value'): ParamPer | undefined =>
  stage === 'key' ? 'headKey' : stage === 'value' ? 'headValue' : undefined

/** Derives them; with `masked`, padding keeps the state, and gives 0. Errors name the layer, `where`. */
export const formulasOf = (spec: AnySpec, keys: number, masked: boolean, where: string): RecurrenceFormulas => {
  const { projections, params = {}, stabilized, normalized = false } = spec
  const scope = (stage: 'head' | 'key' | 'value') => {
    const belongs = (per: Per): boolean => per === stage || (per === 'sharedKey' && stage === 'key')
    const named = (role: 'x' | 'param', names: readonly string[], kindOf: (name: string) => OperandKind) =>
      strict(Object.fromEntries(names.map((name) => [name, input(`${role}.${name}`, kindOf(name))])), what[role], where)
    const own = perHead(stage)
    const perOf = (name: string): ParamPer => params[name]![0]
    return {
      x: named('x', Object.keys(projections).filter((name) => belongs(projections[name]!)), () => 'element'),
      param: named(
        'param', Object.keys(params).filter((name) => perOf(name) === stage || perOf(name) === own),
        (name) => (perOf(name) === own ? 'element' : 'column'),
      ),
    }
  }
  const mask = input('mask', 'row')
  const real = (value: Expression, padding: Expression | number): Expression =>
    masked ? select(mask, value, padding) : value
  const logs = stabilized?.(scope('head'))
  const perMatrix: { [name: string]: Expression } = { ...spec.head?.(scope('head')), ...logs }
  if (perMatrix['decay']) perMatrix['decay'] = real(perMatrix['decay'], 1)
  const heads = [...Object.keys(perMatrix), ...(logs ? ['decay', 'input', 'floor'] : [])]
  const head = strict(
    Object.fromEntries(heads.map((name) => [name, input(`head.${name}`, 'row')])), 'value per head', where,
  )
  const { query, key, decay, read, write, score } = spec.key({ ...scope('key'), head, keys })
  const rows = {
    query, key: real(key, 0), ...(decay && { decay: real(decay, 1) }),
    ...(read && write && { read, write: real(write, 0) }),
    ...(score && { score: meanOverColumns(score).mul(keys) }),
  }
  const value = spec.value({ ...scope('value'), head })
  const [y, norm] = [input('y'), normalized ? input('norm', 'row') : none]
  const summed = score ? input('score', 'row') : none
  const output = spec.output?.({ ...scope('value'), head, y, value, norm, score: summed }) ?? y
  return {
    head: Object.keys(perMatrix).length > 0 ? new DerivedFormula(perMatrix) : undefined,
    heads,
    key: new DerivedFormula(rows),
    rows: Object.keys(rows),
    value: new DerivedFormula({ value }),
    output: new DerivedFormula({ out: real(output, 0) }),
  }
}
