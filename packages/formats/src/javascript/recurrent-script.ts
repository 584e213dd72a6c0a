import { constant, input, outputsOf, passesOf, substitute, type Expression, type Output } from '@recurra/formula'
import type { RNNLayer } from '@recurra/rnn'
import { access, loops, member, object } from './loops.ts'
import type { LayerScript } from './script.ts'

/**
 * One step of a cell: x·W + b into `x`, h·U + b into `h`, gate by gate, and then the formula of the cell, whose inputs
 * have the same names in the code: `x.gate`, `h.gate`, `prev.slot`, `vector.name`.
 */
export const recurrentScript: LayerScript = (script, { options }) => {
  const { memory, step, units } = script
  const { gates, state, vectors, next, through } = (script.layer as RNNLayer).cell
  const weight = script.parameter('weight')
  const recurrentWeight = script.parameter('recurrentWeight')
  const plain = plainly(recurrentWeight !== undefined, (options?.['zoneout'] ?? {}) as Zones)
  const outputs = written(next, plain)
  const inPlace = passesOf(outputs).programs.length === 1 // else a slot is written before another is computed
  const zeros = (): string => `zeros(${units})`
  const slots = state.map((slot) => [`prev${access(slot)}`, `state${access(slot)}`] as const)
  const [[, shown]] = slots as [readonly [string, string]]
  const arrayOf = (name: string): string => (state.includes(name) ? `state${access(name)}` : member(name))
  const product = (whole: string, name: string): void =>
    void memory.push(`const ${whole} = zeros(${gates.length * units})`, `const ${name} = parts(${whole}, ${JSON.stringify(gates)})`)

  script.state = object(state, zeros)
  memory.push(`const prev = ${inPlace ? 'state' : object(state, zeros)}`)
  if (vectors.length > 0) memory.push(`const vector = ${object(vectors, (name) => script.parameter(name)!)}`)

  product('fromX', 'x')
  step.push(`multiply(fromX, input, ${weight}, ${script.parameter('bias')})`)
  if (recurrentWeight) {
    product('fromH', 'h')
    const multiply = (what: string, columns = ''): void => void step.push(`multiply(fromH, ${what}, ${recurrentWeight}, ${script.parameter('recurrentBias')}${columns})`)
    const split = units * (gates.length - (through?.gates.length ?? 0))
    if (split > 0) multiply(shown, through && `, 0, ${split}`)
    if (through) {
      memory.push(`const source = ${zeros()}`)
      step.push(...loops(written({ source: through.value }, plain), units, arrayOf))
      multiply('source', `, ${split}`)
    }
  }
  if (!inPlace) step.push(...slots.map(([prev, now]) => `${prev}.set(${now})`))
  step.push(...loops(outputs, units, arrayOf), `return ${shown}`)
}

type Zones = { readonly [slot: string]: number }
type Rewrite = (e: Expression) => Expression | undefined

const written = (values: { readonly [name: string]: Expression }, rewrite: Rewrite): Output[] =>
  outputsOf(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, substitute(value, rewrite)])))

/** A gate is the sum of its products, and zoneout at inference a number. */
const plainly = (recurrent: boolean, zones: Zones): Rewrite => ({ op, name }) => {
  if (op !== 'input') return undefined
  const [kind, which] = name.split(/\.(.*)/s) as [string, string]
  if (kind === 'zone') return constant(zones[which]!)
  if (kind !== 'gate') return undefined
  return recurrent ? input(`x.${which}`).add(input(`h.${which}`)) : input(`x.${which}`)
}
