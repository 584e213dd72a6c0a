import { isRecord } from '@recurra/tensor'
import { unclear } from '../module.ts'

/** The output of a layer that another one reads: which of its calls, and which of its outputs. */
export type Reference = readonly [layer: string, call: number, output: number]

/** A call of a layer: the outputs that it reads, and what else it is passed. */
export interface Call {
  readonly inputs: readonly Reference[]
  readonly options: Readonly<Record<string, unknown>>
}

type Config = Readonly<Record<string, unknown>>

/**
 * The calls of a layer in a functional model, `inbound_nodes`: none of an input.
 * @throws `ValueError` if it is passed something else than outputs of layers.
 */
export const callsIn = (where: string, { inbound_nodes: calls }: Config): Call[] =>
  (Array.isArray(calls) ? (calls as unknown[]) : []).map((call) =>
    isRecord(call) ? keras3Call(where, call) : keras2Call(where, call))

/** `{ args: [{ class_name: "__keras_tensor__", config: { keras_history } }], kwargs }` */
const keras3Call = (where: string, { args, kwargs }: Config): Call => {
  const all = (Array.isArray(args) ? args : []).flat() as unknown[]
  const inputs = all.map((one) => {
    const history = historyIn(one)
    if (history) return history
    throw unclear(where, 'inputs that are outputs of layers', JSON.stringify(one))
  })
  return withOptions(inputs, [kwargs])
}

const historyIn = (value: unknown): Reference | undefined => {
  const history = isRecord(value) && isRecord(value['config']) ? value['config']['keras_history'] : undefined
  return Array.isArray(history) ? [String(history[0]), Number(history[1]), Number(history[2])] : undefined
}

/** `[["dense", 0, 0, {}], …]`, one for each input */
const keras2Call = (where: string, call: unknown): Call => {
  const all = (Array.isArray(call) ? (typeof call[0] === 'string' ? [call] : call) : []) as unknown[]
  const read = all.map((one) => {
    if (isReference(one)) return one
    throw unclear(where, 'inputs that are outputs of layers', JSON.stringify(one))
  })
  return withOptions(read.map(([layer, node, output]): Reference => [layer, node, output]), read.map((one) => one[3]))
}

const isReference = (value: unknown): value is [string, number, number, unknown] =>
  Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number' && typeof value[2] === 'number'

/** Attention takes its inputs by name, too. */
const inputNames: readonly string[] = ['query', 'value', 'key']

/** `training: false` is what a model of ours does unless it is trained. */
const withOptions = (inputs: readonly Reference[], given: readonly unknown[]): Call => {
  const all = given.flatMap((one) => Object.entries(isRecord(one) ? one : {}))
    .filter(([name, value]) => value != null && !(name === 'training' && value === false))
  const named = all.flatMap(([name, value]): [string, Reference][] => {
    const reference = isReference(value) ? ([value[0], value[1], value[2]] as const) : historyIn(value)
    return inputNames.includes(name) && reference ? [[name, reference]] : []
  })
  const taken = new Set(named.map(([name]) => name))
  return {
    inputs: [...inputs, ...named.map(([, reference]) => reference)],
    options: Object.fromEntries(all.filter(([name]) => !taken.has(name))),
  }
}
