import { expectKnown, isRecord, option, options } from '@recurra/tensor'
import { refuse } from '../expect-cell.ts'
import type { Convolved, LowRank, ParamPer } from './recurrence-spec.ts'
import type { AnySpec, RecurrenceFormulas } from './recurrence-formulas.ts'

const record = <T,>(expected: string): option.Option<T | undefined> => option.checked<T>(expected, isRecord)()

const kinds: option.Kinds<AnySpec, 'projections' | 'key' | 'value'> = {
  projections: option.required(record<AnySpec['projections']>("projections by name, { q: 'key' }")),
  biases: record<NonNullable<AnySpec['biases']>>('initializers by projection, { q: 0 }'),
  params: record<NonNullable<AnySpec['params']>>("parameters by name, { scale: ['value', 1] }"),
  head: option.callback<NonNullable<AnySpec['head']>>(),
  stabilized: option.callback<NonNullable<AnySpec['stabilized']>>(),
  normalized: option.flag(),
  shifted: option.flag(),
  rotary: option.flag(),
  convolved: record<NonNullable<AnySpec['convolved']>>('convolutions by projection, { q: {} }'),
  lowRank: record<NonNullable<AnySpec['lowRank']>>('projections that may have a low rank, { decay: {} }'),
  mixedAs: record<NonNullable<AnySpec['mixedAs']>>("names of projections by name, { gate: 'value' }"),
  values: option.oneOf('give', 'read')(),
  key: option.required(option.callback<AnySpec['key']>()),
  value: option.required(option.callback<AnySpec['value']>()),
  output: option.callback<NonNullable<AnySpec['output']>>(),
}

const convolutionKinds: option.Kinds<Convolved, never> = {
  activation: option.callback<NonNullable<Convolved['activation']>>(), bias: option.flag(),
}
const lowRankKinds: option.Kinds<LowRank, never> = {
  activation: option.callback<NonNullable<LowRank['activation']>>(),
  otherwise: option.callback<NonNullable<LowRank['otherwise']>>(),
}
const kindsOfParams = ['Weight', 'Down', 'Up', 'Bias', 'Mix', 'Kernel', 'KernelBias']

const perParam: readonly ParamPer[] = ['head', 'key', 'value', 'headKey', 'headValue']

/**
 * Checks the parts of a recurrence that comes from outside.
 * @throws `ConfigurationError` if one is unknown, missing or of the wrong kind.
 */
export const expectSpec = (spec: AnySpec, where: string): void => {
  const { projections, biases = {}, params = {}, convolved = {}, lowRank = {} } = options(where, spec, kinds)
  expectKnown(Object.values(projections), ['key', 'sharedKey', 'value', 'head'], where, 'grid of a projection')
  expectKnown(Object.keys(biases), Object.keys(projections), where, 'projection with a bias')
  expectKnown(Object.values(params).map(([per]) => per), perParam, where, 'grid of a parameter')
  expectKnown(Object.keys(convolved), Object.keys(projections), where, 'projection with a convolution')
  for (const [name, one] of Object.entries(convolved)) options(`${where}, convolved.${name}`, one, convolutionKinds)
  expectKnown(Object.keys(lowRank), Object.keys(projections), where, 'projection of a low rank')
  for (const [name, one] of Object.entries(lowRank)) options(`${where}, lowRank.${name}`, one, lowRankKinds)
  const slot = Object.keys(convolved).find((name) => ['S', 'm', 'x'].includes(name))
  if (slot !== undefined) refuse(where, 'convolved projections not named as other slots', slot, 'Rename it.')
  const own = Object.keys(projections).flatMap((name) => kindsOfParams.map((kind) => name + kind))
  const twice = Object.keys(params).find((name) => own.includes(name))
  if (twice !== undefined) refuse(where, 'parameters with names of their own', twice, 'Rename it.')
}

/**
 * Checks what its formulas read.
 * @throws `ConfigurationError` if there is no decay, or something is never read.
 */
export const expectRead = (
  { projections, params = {}, rotary }: AnySpec, { head, heads, rows, key, value, output }: RecurrenceFormulas,
  where: string,
): void => {
  const read = new Set([head, key, value, output].flatMap((one) => [...one?.kinds.keys() ?? []]))
  const named = (role: string, of: object): string[] => Object.keys(of).map((name) => `${role}.${name}`)
  const idle = [...named('x', projections), ...named('param', params)].find((name) => !read.has(name))
  if (idle !== undefined)
    refuse(where, 'formulas that read all there is', `${idle} nowhere`, 'Read it, or leave it out.')
  if (!heads.includes('decay') && !rows.includes('decay'))
    refuse(where, 'a decay, of head or of key', 'none', 'Return decay: constant(1) from head to keep all.')
  if (rotary && rows.includes('decay'))
    refuse(where, 'a decay per head with rotary, as rows that turn together decay alike', 'of key', 'Or drop rotary.')
  if (output.kinds.has('head.decay'))
    refuse(where, 'an output that does not read the decay', 'head.decay', 'Let head return it under another name too.')
}
