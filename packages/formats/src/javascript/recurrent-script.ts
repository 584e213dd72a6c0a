import { constant, input, outputsOf, passesOf, substitute, type Expression, type FormulaOutput } from '@recurra/formula'
import { paramKey, stageOrder, type RNNLayer } from '@recurra/rnn/authoring'
import type { Own } from '../parameters/layout.ts'
import { access, loops, member, object } from './loops.ts'
import type { LayerScript } from './script.ts'

/**
 * One step of a cell: x·W + b into `x`, h·U + b into `h`, gate by gate, and then the formula of the cell, whose inputs
 * have the same names in the code: `x.gate`, `h.gate`, `prev.slot`, `param.name`.
 */
export const recurrentScript: LayerScript = (script, { options }) => {
  const { memory, step } = script
  const { cell, units } = script.layer as RNNLayer
  const { gates, state, params, next, recurrentInputs } = cell
  const weight = script.parameter('weight')
  const recurrentWeight = script.parameter('recurrentWeight')
  const plain = plainly(
    recurrentWeight !== undefined,
    new Map(Object.entries((options?.['zoneout'] ?? {}) as { readonly [slot: string]: number })),
  )
  const outputs = written(state.map((slot) => [`next.${slot}`, next[slot]!]), plain)
  const inPlace = passesOf(outputs).programs.length === 1 // else a slot is overwritten too early
  const projectionWeight = script.parameter('projectionWeight')
  const zeros = (): string => `zeros(${units})`
  const slotZeros = (slot: string): string => `zeros(${projectionWeight && slot === state[0] ? script.units : units})`
  const slots = state.map((slot) => [`prev${access(slot)}`, `state${access(slot)}`] as const)
  const [[, shown]] = slots as [readonly [string, string]]
  const product = (whole: string, name: string): void =>
    void memory.push(
      `const ${whole} = zeros(${gates.length * units})`,
      `const ${name} = parts(${whole}, ${JSON.stringify(gates)})`,
    )

  script.state = object(state, slotZeros)
  memory.push(`const prev = ${inPlace ? 'state' : object(state, slotZeros)}`)
  if (params.length > 0) memory.push(`const param = ${object(params, (name) => script.parameter(paramKey(name))!)}`)

  if (!inPlace) step.push(...slots.map(([prev, now]) => `${prev}.set(${now})`))
  product('fromX', 'x')
  step.push(`multiply(fromX, input, ${weight}, ${script.parameter('bias')})`)
  /** The units that a recurrent product sees: all, or those of a head. */
  const share = projectionWeight ? units : (script.layer.params as Own)['recurrentWeight']?.value.shape[0] ?? units
  if (recurrentWeight) {
    product('fromH', 'h')
    if (recurrentInputs.length > 0) memory.push(`const source = [${recurrentInputs.map(zeros).join(', ')}]`)
    for (const { runs, sources } of stageOrder(cell)) {
      for (const { from, to, source } of runs) {
        const [seen, bias] = [source < 0 ? shown : `source[${source}]`, script.parameter('recurrentBias')]
        const product = (x: string, columns = ''): string =>
          `multiply(fromH, ${x}, ${recurrentWeight}, ${bias}${columns})`
        if (share === units) {
          step.push(product(seen, to - from < gates.length ? `, ${from * units}, ${to * units}` : ''))
          continue
        }
        step.push(
          `for (let at = ${from * units}; at < ${to * units}; at += ${share}) {`,
          `  const own = at % ${units}`,
          `  ${product(`${seen}.subarray(own, own + ${share})`, `, at, at + ${share}`)}`,
          '}',
        )
      }
      for (const k of sources)
        step.push(...loops(written([[`source.${k}`, recurrentInputs[k]!.value]], plain), units, arrayOf))
    }
  }
  const projected = `next.${state[0]}`
  if (projectionWeight) memory.push(`const unprojected = ${zeros()}`)
  step.push(
    ...loops(outputs, units, (name) => (projectionWeight && name === projected ? 'unprojected' : arrayOf(name))),
  )
  if (projectionWeight) step.push(`multiply(${shown}, unprojected, ${projectionWeight})`)
  step.push(`return ${shown}`)
}

type Rewrite = (e: Expression) => Expression | undefined

const written = (values: readonly (readonly [name: string, value: Expression])[], rewrite: Rewrite): FormulaOutput[] =>
  outputsOf(Object.fromEntries(values.map(([name, value]) => [name, substitute(value, rewrite)])))

/** The state after a step overwrites the state before it. */
const arrayOf = (name: string): string => member(name.startsWith('next.') ? `state.${name.slice(5)}` : name)

/** A gate is the sum of its products, and zoneout at inference a number. */
const plainly = (recurrent: boolean, zones: ReadonlyMap<string, number>): Rewrite => ({ op, name }) => {
  if (op !== 'input') return undefined
  const [kind, which] = name.split(/\.(.*)/s) as [string, string]
  if (kind === 'zone') return constant(zones.get(which)!)
  if (kind !== 'gate') return undefined
  return recurrent ? input(`x.${which}`).add(input(`h.${which}`)) : input(`x.${which}`)
}
