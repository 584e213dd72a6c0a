import type { TensorProto } from '../onnx_pb.ts'
import type { OperatorAttributes } from './attributes.ts'
import { damaged, passShape, unsupported } from './faults.ts'
import type { Constant, Flow, Value } from './values.ts'

/** One node of a graph, with its inputs computed. */
export interface OperatorCall {
  readonly inputs: readonly (Value | undefined)[]
  readonly attributes: OperatorAttributes
  /** How many values it gives. */
  readonly outputs: number
  /** The version of the operators. */
  readonly opset: number
  /** The node, for errors. */
  readonly where: string
  /** Reads a tensor. */
  readonly tensorOf: (tensor: TensorProto) => Constant
  /** Makes room for the elements of a constant: an error before memory is asked for, if there are too many. */
  readonly reserve: (elements: number) => void
}

/** Computes the outputs of a node. */
export type Operator = (call: OperatorCall) => Value | readonly Value[]
/** Operators by their names in ONNX. */
export type Operators = { readonly [name: string]: Operator }

const kinds: { readonly [kind in Value['kind']]: string } = {
  constant: 'a constant', filled: 'a constant', repeated: 'a constant',
  flow: 'values that depend on the input', final: 'final states', state: 'a state',
  mask: 'the lengths of the sequences', failed: 'nothing',
}

/** @throws `ValueError` if an input is missing or does not depend on the input of the model. */
export const flowAt = ({ inputs, where }: OperatorCall, i: number): Flow => {
  const value = inputs[i]
  if (value?.kind === 'flow') return value
  throw unsupported(where, `values that depend on the input as input ${i}`, value ? kinds[value.kind] : 'none')
}

/** @throws `ValueError` if an input is missing or not a constant. */
export const constantAt = ({ inputs, where }: OperatorCall, i: number): Constant => {
  const value = inputs[i]
  if (value?.kind === 'constant') return value
  throw unsupported(where, `a constant as input ${i}`, value ? kinds[value.kind] : 'none')
}

/**
 * The numbers of a constant.
 * @throws `ValueError` if one of them is a size that differs from call to call.
 */
export const numbersOf = ({ values }: Constant, where: string): ArrayLike<number> => {
  if (ArrayBuffer.isView(values)) return values as ArrayLike<number>
  const name = Array.from(values).find((value) => typeof value === 'string')
  if (name === undefined) return values as ArrayLike<number>
  throw unsupported(where, 'sizes that are known', `one that is not, ${name}`, passShape)
}

/** The numbers of an input that is a constant, or undefined if it is left out. */
export const numbersAt = (call: OperatorCall, i: number): ArrayLike<number> | undefined =>
  call.inputs[i] && numbersOf(constantAt(call, i), call.where)

/** Axes, or other integers, that were an attribute in earlier versions and are an input in later ones. */
export const integersOf = (call: OperatorCall, name: string, i: number): number[] | undefined => {
  const found = call.attributes.integers(name) ?? numbersAt(call, i)
  return found && Array.from(found)
}

/** An axis counted from the front. */
export const axisOf = (axis: number, rank: number, where: string): number => {
  const counted = axis < 0 ? axis + rank : axis
  if (Number.isInteger(counted) && counted >= 0 && counted < rank) return counted
  throw unsupported(where, `one of ${rank} axes`, String(axis), damaged)
}

/** Axes counted from the front, none of them twice. */
export const axesOf = (axes: readonly number[], rank: number, where: string): number[] => {
  const counted = axes.map((axis) => axisOf(axis, rank, where))
  if (new Set(counted).size === counted.length) return counted
  throw unsupported(where, 'each axis once', `[${axes}]`, damaged)
}
