import { constant, input, meanOverColumns, select, type Expression } from '@recurra/formula'
import { DerivedFormula } from '@recurra/layers/authoring'
import { strict } from '../expect-cell.ts'
import type { KeyFormulas, MatrixRecurrenceSpec, ParamPer, Per } from './recurrence-spec.ts'
import { stabilized } from './stabilizer.ts'

/** A spec whose names are any. */
export type AnySpec = MatrixRecurrenceSpec<string, string, string>

/** A spec with the parts that options have chosen. */
export interface ChosenSpec extends AnySpec {
  /** What is applied to each value of a projection. */
  readonly activated: Readonly<Record<string, (x: Expression) => Expression>>
}

/** What a recurrence computes at a step, by name, for one number of each grid that it runs on. */
export interface RecurrenceExpressions {
  /** Over the heads. */
  readonly head: { readonly [name: string]: Expression }
  /** The names of what there is per head in the end: that, and what a stabilizer gives. */
  readonly heads: readonly string[]
  /** Over the keys of a head: query, key, and decay, read, write and score where the recurrence gives them. */
  readonly key: { readonly [name: string]: Expression }
  /** Over the values of a head. */
  readonly value: Expression
  /** Over the values of a head. */
  readonly output: Expression
}

/** The same with its derivatives. */
export interface RecurrenceFormulas extends Pick<RecurrenceExpressions, 'heads'> {
  /** Over [steps · batch, heads]; undefined if nothing is computed per head. */
  readonly head: DerivedFormula | undefined
  /** Over [steps · batch · heads, keys]. */
  readonly key: DerivedFormula
  /** What `key` gives: query, key, and decay, read, write and score where it does. */
  readonly rows: readonly (keyof KeyFormulas)[]
  /** Over [steps · batch · heads, values]. */
  readonly value: DerivedFormula
  /** Over [steps · batch · heads, values]. */
  readonly output: DerivedFormula
}

const none = constant(0)
const what = { x: 'projection of this grid', param: 'parameter of this grid' }

const perHead = (stage: 'head' | 'key' | 'value'): ParamPer | undefined =>
  stage === 'key' ? 'headKey' : stage === 'value' ? 'headValue' : undefined

/** Works them out; with `masked`, padding keeps the state, and gives 0. Errors name the layer, `where`. */
export const recurrenceExpressions = (
  spec: ChosenSpec, keys: number, masked: boolean, where: string,
): RecurrenceExpressions => {
  const { projections, params = {}, normalized = false, activated } = spec
  const scope = (stage: 'head' | 'key' | 'value') => {
    const belongs = (per: Per): boolean => per === stage || (per === 'sharedKey' && stage === 'key')
    const named = (role: 'x' | 'param', names: readonly string[], valueOf: (name: string) => Expression) =>
      strict(Object.fromEntries(names.map((name) => [name, valueOf(name)])), what[role], where)
    const projected = (name: string): Expression => {
      const made = input(`x.${name}`)
      return activated[name]?.(made) ?? made
    }
    const own = perHead(stage)
    const perOf = (name: string): ParamPer => params[name]![0]
    return {
      x: named('x', Object.keys(projections).filter((name) => belongs(projections[name]!)), projected),
      param: named(
        'param', Object.keys(params).filter((name) => perOf(name) === stage || perOf(name) === own),
        (name) => input(`param.${name}`, perOf(name) === own ? 'element' : 'column'),
      ),
    }
  }
  const mask = input('mask', 'row')
  const real = (value: Expression, padding: Expression | number): Expression =>
    masked ? select(mask, value, padding) : value
  const perMatrix: { [name: string]: Expression } = {
    ...spec.head?.(scope('head')), ...spec.stabilized?.(scope('head')),
  }
  if (perMatrix['decay']) perMatrix['decay'] = real(perMatrix['decay'], 1)
  const heads = [...Object.keys(perMatrix), ...(spec.stabilized ? stabilized : [])]
  const head = strict(
    Object.fromEntries(heads.map((name) => [name, input(`head.${name}`, 'row')])), 'value per head', where,
  )
  const { query, key, decay, read, write, score } = spec.key({ ...scope('key'), head, keys })
  const rows = {
    query, key: real(key, 0), ...(decay && { decay: real(decay, 1) }),
    ...(read && { read, ...(write && { write: real(write, 0) }) }),
    // At every key, also where there is one: a mean alone would be a number per row.
    ...(score && { score: keys === 1 ? score : meanOverColumns(score).mul(keys) }),
  }
  const earlier = spec.values === 'read' ? input('x.earlier') : none
  const value = spec.value({ ...scope('value'), head, earlier })
  const [y, norm] = [input('y'), normalized ? input('norm', 'row') : none]
  const summed = score ? input('score', 'row') : none
  const output = spec.output?.({ ...scope('value'), head, y, value, norm, score: summed }) ?? y
  return { head: perMatrix, heads, key: rows, value, output: real(output, 0) }
}

/** Derives them. */
export const derivedFormulas = (
  spec: ChosenSpec, keys: number, masked: boolean, where: string,
): RecurrenceFormulas => {
  const { head, heads, key, value, output } = recurrenceExpressions(spec, keys, masked, where)
  return {
    head: Object.keys(head).length > 0 ? new DerivedFormula(head) : undefined,
    heads,
    key: new DerivedFormula(key),
    rows: Object.keys(key) as (keyof KeyFormulas)[],
    value: new DerivedFormula({ value }),
    output: new DerivedFormula({ out: output }),
  }
}
