import { describeShape, sizeOf, stridesOf } from '@recurra/tensor'
import { damaged, unsupported } from '../faults.ts'
import {
  axesOf, axisOf, constantAt, integersOf, numbersAt, numbersOf, type Operator, type OperatorCall, type Operators,
} from '../operator.ts'
import type { Constant, Dim } from '../values.ts'
import { constant, gathered, placeAt } from './elements.ts'

const transpose: Operator = (call) => {
  const x = constantAt(call, 0)
  const perm = call.attributes.integers('perm') ?? x.shape.map((_, i) => x.shape.length - 1 - i)
  if (perm.length !== x.shape.length) throw unsupported(call.where, `${x.shape.length} axes`, `[${perm}]`, damaged)
  const order = axesOf(perm, x.shape.length, call.where)
  const steps = stridesOf(x.shape)
  return gathered(call, order.map((axis) => x.shape[axis]!), x, (position) =>
    order.reduce((sum, axis, i) => sum + steps[axis]! * position[i]!, 0))
}

const gather: Operator = (call) => {
  const [table, indices] = [constantAt(call, 0), constantAt(call, 1)]
  const axis = axisOf(call.attributes.integer('axis', 0), table.shape.length, call.where)
  const rows = Array.from(numbersOf(indices, call.where), (index) => axisOf(index, table.shape[axis]!, call.where))
  const steps = stridesOf(table.shape)
  const inner = stridesOf(indices.shape)
  const rank = indices.shape.length
  const shape = [...table.shape.slice(0, axis), ...indices.shape, ...table.shape.slice(axis + 1)]
  return gathered(call, shape, table, (position) => {
    const row = rows[placeAt(position.slice(axis, axis + rank), inner)]!
    return placeAt([...position.slice(0, axis), row, ...position.slice(axis + rank)], steps)
  })
}

const concat: Operator = (call) => {
  const rank = constantAt(call, 0).shape.length
  const parts = call.inputs.map((_, i) => constantAt(call, i))
  const axis = axisOf(call.attributes.integer('axis', 0), rank, call.where)
  const fits = ({ shape }: Constant): boolean =>
    shape.length === rank && shape.every((size, i) => i === axis || size === parts[0]!.shape[i])
  if (!parts.every(fits))
    throw unsupported(call.where, 'shapes that fit', parts.map(({ shape }) => `[${shape}]`).join(' and '))
  const ends = parts.map((_, i) => parts.slice(0, i + 1).reduce((sum, { shape }) => sum + shape[axis]!, 0))
  const shape = parts[0]!.shape.map((size, i) => (i === axis ? ends.at(-1)! : size))
  const all = constant([], parts.length === 1 ? parts[0]!.values : joined(parts))
  const [steps, begins] = [parts.map((part) => stridesOf(part.shape)), startsOf(parts)]
  return gathered(call, shape, all, (position) => {
    const part = ends.findIndex((end) => position[axis]! < end)
    const own = position.map((place, i) => (i === axis ? place - (ends[part - 1] ?? 0) : place))
    return begins[part]! + placeAt(own, steps[part]!)
  })
}

const startsOf = (parts: readonly Constant[]): number[] =>
  parts.map((_, i) => parts.slice(0, i).reduce((sum, { values }) => sum + values.length, 0))

const joined = (parts: readonly Constant[]): ArrayLike<Dim> => {
  if (!parts.every(({ values }) => values instanceof Float32Array))
    return parts.flatMap(({ values }) => Array.from(values))
  const all = new Float32Array(parts.reduce((sum, { values }) => sum + values.length, 0))
  const begins = startsOf(parts)
  parts.forEach(({ values }, i) => all.set(values as Float32Array, begins[i]))
  return all
}

/** Where a slice begins, how far it goes, and its step, on each axis that it cuts. */
export interface Cut {
  readonly axis: number
  readonly from: number
  readonly to: number
  readonly step: number
}

/** The cuts of a Slice, along axes whose sizes are known; positions from the end are counted from the front. */
export const cutsOf = (call: OperatorCall, shape: readonly Dim[]): Cut[] => {
  const starts = integersOf(call, 'starts', 1) ?? []
  const ends = integersOf(call, 'ends', 2) ?? []
  const axes = integersOf(call, 'axes', 3) ?? starts.map((_, i) => i)
  const steps = numbersAt(call, 4)
  return axes.map((given, i) => {
    const axis = axisOf(given, shape.length, call.where)
    const [size, step] = [shape[axis]!, steps?.[i] ?? 1]
    if (step === 0) throw unsupported(call.where, 'a step other than 0', '0', damaged)
    if (typeof size === 'string') return { axis, from: starts[i]!, to: ends[i]!, step }
    const clamped = (place: number, least: number, most: number): number =>
      Math.min(most, Math.max(least, place < 0 ? place + size : place))
    const [from, to] = step > 0
      ? [clamped(starts[i]!, 0, size), clamped(ends[i]!, 0, size)]
      : [clamped(starts[i]!, 0, size - 1), clamped(ends[i]!, -1, size - 1)]
    return { axis, from, to, step }
  })
}

const slice: Operator = (call) => {
  const x = constantAt(call, 0)
  const [shape, first, steps] = [[...x.shape], x.shape.map(() => 0), stridesOf(x.shape)]
  let start = 0
  for (const { axis, from, to, step } of cutsOf(call, x.shape)) {
    shape[axis] = Math.max(0, Math.ceil((to - from) / step))
    start += from * steps[axis]!
    first[axis] = step
  }
  const moved = steps.map((one, axis) => one * (first[axis] === 0 ? 1 : first[axis]!))
  return gathered(call, shape, x, (position) => start + placeAt(position, moved))
}

/** Constants in another order or shape. */
export const movedConstants: Operators = {
  Transpose: transpose, Gather: gather, Concat: concat, Slice: slice,
  Reshape: (call) => reshaped(constantAt(call, 0), numbersOf(constantAt(call, 1), call.where), call.where),
  Squeeze(call) {
    const x = constantAt(call, 0)
    const axes = (integersOf(call, 'axes', 1) ?? x.shape.flatMap((size, i) => (size === 1 ? [i] : [])))
      .map((axis) => axisOf(axis, x.shape.length, call.where))
    if (axes.some((axis) => x.shape[axis] !== 1)) throw unsupported(call.where, 'axes of size 1', `[${x.shape}]`)
    return { ...x, shape: x.shape.filter((_, i) => !axes.includes(i)) }
  },
  Unsqueeze(call) {
    const x = constantAt(call, 0)
    const axes = integersOf(call, 'axes', 1) ?? []
    const rank = x.shape.length + axes.length
    const places = axesOf(axes, rank, call.where)
    const rest = [...x.shape]
    return { ...x, shape: Array.from({ length: rank }, (_, i) => (places.includes(i) ? 1 : rest.shift() ?? 1)) }
  },
}

/** A constant in another shape: 0 keeps a size, and one -1 is what remains. */
const reshaped = (x: Constant, given: ArrayLike<number>, where: string): Constant => {
  const shape = Array.from(given, (size, i) => (size === 0 ? (x.shape[i] ?? 0) : size))
  const known = sizeOf(shape.filter((size) => size !== -1))
  const whole = shape.map((size) => (size === -1 ? x.values.length / known : size))
  if (sizeOf(whole) !== x.values.length || whole.some((size) => !Number.isInteger(size) || size < 0))
    throw unsupported(where, `${x.values.length} elements`, describeShape(Array.from(given)), damaged)
  return { ...x, shape: whole }
}
