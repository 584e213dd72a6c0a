import { input as operand, outputsOf, type Expression } from '@recurra/formula'
import { recurrenceExpressions, stabilizerStep, type MatrixRecurrenceLayer } from '@recurra/rnn/authoring'
import { ConfigurationError } from '@recurra/tensor'
import type { Own } from '../parameters/layout.ts'
import { access, loops, member, object, scalarName } from './loops.ts'
import type { LayerScript, Script } from './script.ts'
import { shiftedInput } from './shifted-input.ts'
import { reachOfShort, shortConvolution } from './short-convolution.ts'

/**
 * One step of a recurrence with a matrix state: the projections, what is computed once per head, and then for each head
 * its row, its value, the state and the output. Inputs of the formulas have the same names in the code: `x.query`,
 * `param.scale`, `head.decay`.
 */
export const matrixScript: LayerScript = (script) => {
  const { memory, step } = script
  const layer = script.layer as MatrixRecurrenceLayer
  if (layer.recurrence.values === 'read') refuseEarlier(layer.type)
  const { sizes: { heads, keys, values } } = layer
  const { projections, params = {}, convolved = {}, ...recurrence } = layer.recurrence
  const { head, heads: perHead, key, value, output } =
    recurrenceExpressions(layer.recurrence, keys, false, layer.type)
  const wide = values + (recurrence.normalized ? 1 : 0)
  const widths = { key: heads * keys, sharedKey: keys, value: heads * values, head: heads }
  const slots: { readonly [slot: string]: number } = {
    S: heads * keys * wide, ...(recurrence.stabilized && { m: heads }), ...(recurrence.shifted && { x: layer.in.size }),
    ...Object.fromEntries(Object.keys(convolved).map((name) =>
      [name, reachOfShort(script, name) * widths[projections[name]!]])),
  }
  const [projected, learned] = [Object.keys(projections), Object.keys(params)]

  script.state = object(Object.keys(slots), (slot) => `zeros(${slots[slot]})`)
  script.output()
  memory.push(
    `const x = ${object(projected, (name) => `zeros(${widths[projections[name]!]})`)}`,
    `const param = ${object(learned, (name) => script.parameter(name)!)}`,
    `const head = ${object(perHead, () => `zeros(${heads})`)}`,
    `const row = ${object(Object.keys(key), () => `zeros(${keys})`)}`,
    `const [value, read] = [zeros(${wide}), zeros(${wide})]`,
    ...(recurrence.normalized ? [`value[${values}] = 1`] : []),
    ...(recurrence.rotary ? turnsOf(keys / 2) : []),
    ...sharesOf(layer),
  )

  const mixed = recurrence.shifted ? shiftedInput(script) : undefined
  for (const name of projected) {
    step.push(
      ...(mixed ? [mixed.mix(`${name}Mix`)] : []),
      ...projection(script, name, mixed ? 'mixed' : 'input'),
      ...(convolved[name] ? shortConvolution(script, name, widths[projections[name]!]) : []),
    )
  }
  if (mixed) step.push(mixed.keep)

  if (Object.keys(head).length > 0) step.push(...loops(outputsOf(within('head', head)), heads))
  if (recurrence.stabilized)
    step.push(...loops(outputsOf<string>(stabilizerStep()), heads, (name) =>
      name === 'm' || name === 'before' ? 'state.m' : `head.${name}`))
  const block = (formulas: Formulas, units: number): string[] =>
    ['{', ...loops(outputsOf(formulas), units, (name) => (name === 'y' ? 'read' : member(name))).map(indented), '}']
  step.push(
    `for (let h = 0; h < ${heads}; h++) {`,
    ...[
      'const { x, param, S, out } = shares[h]',
      ...perHead.map((name) => `const ${scalarName(`head.${name}`)} = head${access(name)}[h]`),
      ...block(within('row', key), keys),
      ...block({ value }, values),
      ...(recurrence.rotary ? turnLines(keys / 2, wide) : []),
      ...stateLines(keys, wide, Object.keys(key)),
      ...(recurrence.normalized ? [`const norm = read[${values}]`] : []),
      ...('score' in key ? ['const score = row.score[0]'] : []),
      ...block({ out: output }, values),
    ].map(indented),
    '}',
    'return y',
  )
}

const refuseEarlier = (type: string): never => {
  throw new ConfigurationError({
    where: 'exportJavascript', expected: 'layers that read their input alone',
    got: `${type}, which reads the values of an earlier layer`,
    fix: 'Train it without first among its ranks, or run the model with Recurra.',
  })
}

/** x·W + b, or with a low rank f(x·D)·U + b. */
const projection = (script: Script, name: string, input: string): string[] => {
  const [weight, down, up, bias] = ['Weight', 'Down', 'Up', 'Bias'].map((kind) => script.parameter(name + kind))
  const y = `x${access(name)}`
  if (weight) return [`multiply(${y}, ${input}, ${weight}, ${bias})`]
  const { params, recurrence } = script.layer as MatrixRecurrenceLayer
  const [, rank] = (params as Own)[`${name}Down`]!.value.shape as [number, number]
  script.memory.push(`const narrow_${script.memory.length} = zeros(${rank})`)
  const narrow = `narrow_${script.memory.length - 1}`
  const activation = recurrence.lowRank?.[name]?.activation
  const active = activation ? loops(outputsOf({ narrow: activation(operand('narrow')) }), rank, () => narrow) : []
  return [`multiply(${narrow}, ${input}, ${down})`, ...active, `multiply(${y}, ${narrow}, ${up}, ${bias})`]
}

type Formulas = { readonly [output: string]: Expression }

/** Outputs that are members of an object. */
const within = (object: string, formulas: Formulas): Formulas =>
  Object.fromEntries(Object.entries(formulas).map(([name, formula]) => [`${object}.${name}`, formula]))

const indented = (line: string): string => `  ${line}`

/** How far each pair of rows turns at a step. */
const turnsOf = (pairs: number): string[] => [
  `const [cos, sin] = [Math.cos, Math.sin].map((f) =>`,
  `  Float64Array.from({ length: ${pairs} }, (_, i) => f(10000 ** (-i / ${pairs}))))`,
]

/** Turns the state by one step, as rotary positions do. */
const turnLines = (pairs: number, wide: number): string[] => [
  `for (let i = 0, at = 0; i < ${pairs}; i++)`,
  `  for (let j = 0; j < ${wide}; j++, at++) {`,
  `    const [a, b] = [S[at], S[at + ${pairs * wide}]]`,
  '    S[at] = a * cos[i] + b * sin[i]',
  `    S[at + ${pairs * wide}] = b * cos[i] - a * sin[i]`,
  '  }',
]

/** S' = decay ⊙ S + write (read' S) + key value', and what the query reads of it, column by column. */
const stateLines = (keys: number, wide: number, rows: readonly string[]): string[] => {
  const everyRow = `for (let i = 0, at = j; i < ${keys}; i++, at += ${wide})`
  const corrected = rows.includes('read')
  const write = rows.includes('write') ? 'write' : 'key'
  const decay = rows.includes('decay') ? 'row.decay[i]' : scalarName('head.decay')
  return [
    `for (let j = 0; j < ${wide}; j++) {`,
    ...(corrected ? ['  let seen = 0', `  ${everyRow} seen += row.read[i] * S[at]`] : []),
    '  read[j] = 0',
    `  ${everyRow} {`,
    `    S[at] = ${decay} * S[at]${corrected ? ` + row.${write}[i] * seen` : ''} + row.key[i] * value[j]`,
    '    read[j] += row.query[i] * S[at]',
    '  }',
    '}',
  ]
}

/** What each head sees of the memory of all of them. */
const sharesOf = ({ recurrence: { projections, params = {} }, sizes: { heads } }: MatrixRecurrenceLayer): string[] => {
  const share = (array: string): string => `parts(${array}, heads)[h]`
  const ofHeads = (role: 'x' | 'param', pers: readonly (readonly [name: string, ofHead: boolean])[]): string => {
    const isOfHead = new Map(pers)
    return object([...isOfHead.keys()], (name) =>
      isOfHead.get(name) ? share(role + access(name)) : role + access(name))
  }
  return [
    `const heads = [${Array.from({ length: heads }, (_, h) => h).join(', ')}]`,
    'const shares = heads.map((h) => ({',
    `  x: ${ofHeads('x', Object.entries(projections).map(([name, per]) => [name, per !== 'sharedKey']))},`,
    `  param: ${ofHeads('param', Object.entries(params).map(([name, [per]]) =>
      [name, per === 'headKey' || per === 'headValue']))},`,
    `  S: ${share('state.S')},`,
    `  out: ${share('y')},`,
    '}))',
  ]
}
