import { draw, whereOf, zeroParameter, type BuildContext, type Variable } from '@recurra/layers/authoring'
import { columns, expectKnown, sizeOf } from '@recurra/tensor'
import { useOf, type CellDefinition } from './cell-definition.ts'
import { setGateBias } from './gate-bias.ts'
import type { RecurrentOptions } from './recurrent-options.ts'

/**
 * What a recurrent layer learns, with the gates side by side in the order of the cell: `weight` [features, gates *
 * units], `recurrentWeight` [units, gates * units] unless the cell never multiplies the state (with heads [units /
 * heads, gates * units]; with a projection [projection, gates * units], and `projectionWeight` [units, projection]),
 * `bias` and `recurrentBias` [gates * units], and the per-unit parameters of the cell [units] under their names.
 */
export type RecurrentParams = { readonly [name: string]: Variable }

/** A record has no other properties than its own. */
const own = <T,>(record: { readonly [name: string]: T }, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined

const ours = ['weight', 'recurrentWeight', 'bias', 'recurrentBias', 'projectionWeight', '__proto__', '']

/**
 * Under which name a layer has a per-unit parameter: its own, with `param.` before it where it could be taken for
 * another.
 *
 * ```ts
 * import { paramKey } from 'recurra/authoring'
 *
 * console.log(paramKey('peephole'), paramKey('weight')) // peephole param.weight
 * ```
 */
export const paramKey = (name: string): string =>
  ours.includes(name) || name.startsWith('param.') ? `param.${name}` : name

/**
 * All start uniform in ±1/√units, as in PyTorch, unless the cell or the options say otherwise.
 * @throws `ConfigurationError` if an option is invalid for the cell.
 * @throws `ValueError` if it exceeds the size limit of the context.
 */
export const recurrentParams = (
  cell: CellDefinition,
  features: number,
  units: number,
  options: RecurrentOptions,
  context: BuildContext,
): RecurrentParams => {
  const { biases = 2, initializers = {}, gateBias = {}, projection, heads = 1 } = options
  const where = whereOf(`${cell.type}(${units})`, context)
  const { backend, random, sizeLimit, uninitialized } = context
  const bound = 1 / Math.sqrt(units)
  const initial = new Map(Object.entries(cell.initial).map(([name, initializer]) => [paramKey(name), initializer]))
  const blockOf: { readonly [name: string]: number | undefined } = {
    projectionWeight: projection, recurrentWeight: units / heads,
  }
  const param = (name: string, ...shape: number[]): [string, Variable] => {
    sizeLimit?.reserve(sizeOf(shape), where)
    const made = zeroParameter(backend, shape)
    if (uninitialized) return [name, made]
    const initializer = own(initializers, name) ?? initial.get(name)
    if (initializer === undefined)
      backend.write(made.value, Array.from({ length: sizeOf(shape) }, () => random.uniform(-bound, bound)))
    else
      for (let from = 0, block = blockOf[name] ?? units; from < shape.at(-1)!; from += block)
        backend.write(
          columns(made.value, from, from + block),
          draw(initializer, [...shape.slice(0, -1), block], random, where),
        )
    return [name, made]
  }
  const width = cell.gates.length * units
  const recurrent = useOf(cell) !== 'input'
  const params: RecurrentParams = Object.fromEntries([
    param('weight', features, width),
    ...(recurrent ? [param('recurrentWeight', projection ?? units / heads, width)] : []),
    ...(biases > 0 ? [param('bias', width)] : []),
    ...(biases > 1 && recurrent ? [param('recurrentBias', width)] : []),
    ...(projection ? [param('projectionWeight', units, projection)] : []),
    ...cell.params.map((name) => param(paramKey(name), units)),
  ])
  expectKnown(Object.keys(initializers), Object.keys(params), where, 'initializer')
  setGateBias(cell, gateBias, params, backend, where)
  return params
}
