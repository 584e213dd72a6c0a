import { sizeOf, stridesOf } from '@recurra/tensor'
import { unsupported } from '../faults.ts'
import {
  axisOf, constantAt, numbersAt, numbersOf, type Operator, type OperatorCall, type Operators,
} from '../operator.ts'
import type { Constant, Dim, Value } from '../values.ts'
import { arithmetic } from './arithmetic.ts'
import { constant } from './elements.ts'
import { movedConstants } from './moved-constants.ts'

const cast: Operator = (call) => {
  const x = constantAt(call, 0)
  const to = call.attributes.integer('to', 1)
  if (to === 1 || to === 11) return { ...x, values: Float32Array.from(numbersOf(x, call.where)) }
  const whole = to !== 10 && to !== 16
  return constant(x.shape, Array.from(x.values, (value) =>
    typeof value === 'string' ? value : to === 9 ? Number(value !== 0) : whole ? Math.trunc(value) : value))
}

const constantOf: Operator = (call) => {
  const { attributes, where } = call
  const tensor = attributes.tensor('value')
  if (tensor) return call.tensorOf(tensor)
  if (attributes.has('value_float')) return constant([], Float32Array.of(attributes.float('value_float', 0)))
  if (attributes.has('value_int')) return constant([], [attributes.integer('value_int', 0)])
  const integers = attributes.integers('value_ints')
  if (integers && attributes.has('value_ints')) return constant([integers.length], integers)
  if (attributes.has('value_floats')) {
    const floats = attributes.floats('value_floats')
    return constant([floats.length], Float32Array.from(floats))
  }
  throw unsupported(where, 'a constant of numbers', attributes.names.join(', '))
}

const most = 1e6 // elements of a constant that is only filled

const constantOfShape: Operator = (call): Value => {
  const shape = constantAt(call, 0).values
  const tensor = call.attributes.tensor('value')
  const value = Number(tensor ? call.tensorOf(tensor).values[0] : 0)
  const sizes = Array.from(shape)
  if (!sizes.every((size) => typeof size === 'number') || sizeOf(sizes) > most) return { kind: 'filled', value }
  return constant(sizes, Array.from({ length: sizeOf(sizes) }, () => value))
}

const range: Operator = (call): Value => {
  const [start, limit, delta] = [0, 1, 2].map((i) => constantAt(call, i).values[0]!) as [Dim, Dim, Dim]
  // Positions in time, of which masks are made.
  if (typeof start === 'string' || typeof limit === 'string' || typeof delta === 'string') return { kind: 'mask' }
  const count = Math.max(0, Math.ceil((limit - start) / delta))
  if (!(count <= most)) throw unsupported(call.where, `at most ${most} numbers`, String(count))
  return constant([count], Array.from({ length: count }, (_, i) => start + i * delta))
}

const dequantized: Operator = (call) => {
  const [x, scale] = [constantAt(call, 0), constantAt(call, 1)]
  const zero = call.inputs[2] ? numbersAt(call, 2)! : [0]
  const axis = scale.shape.length === 0 ? 0 : axisOf(call.attributes.integer('axis', 1), x.shape.length, call.where)
  const scales = numbersOf(scale, call.where)
  const inside = stridesOf(x.shape)[axis] ?? 1
  const place = (i: number): number => (scales.length === 1 ? 0 : Math.floor(i / inside) % scales.length)
  return constant(x.shape, Float32Array.from(numbersOf(x, call.where), (value, i) =>
    (value - zero[zero.length === 1 ? 0 : place(i)]!) * scales[place(i)]!))
}

const identity: Operator = (call) => constantAt(call, 0)

/** Operators of constants, which are computed once, at import. */
export const folds: Operators = {
  ...arithmetic, ...movedConstants,
  Constant: constantOf, ConstantOfShape: constantOfShape, Range: range, Identity: identity, Cast: cast,
  DequantizeLinear: dequantized,
  Shape: (call) => shapeConstant(constantAt(call, 0).shape, call),
  Size: (call) => constant([], [sizeOf(constantAt(call, 0).shape)]),
}

/** The sizes of axes as a constant, between the optional attributes `start` and `end`. */
export const shapeConstant = (sizes: readonly Dim[], { attributes }: OperatorCall): Constant => {
  const end = attributes.has('end') ? attributes.integer('end', 0) : undefined
  const shown = sizes.slice(attributes.integer('start', 0), end)
  return constant([shown.length], shown)
}
