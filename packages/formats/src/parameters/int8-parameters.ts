import { int8Of, integersOf, type Backend, type Int8Matrix } from '@recurra/backend'
import type { ScaleAxes } from '@recurra/rnn/authoring'
import { describeShape, type NamedTensor } from '@recurra/tensor'
import { FormatError } from '../errors.ts'
import { expectDistinctNames } from '../named-tensors.ts'
import type { LayoutEntry } from './layout.ts'

/** The name of the scales of an int8 parameter. */
export const scaleOf = (name: string): string => `${name}.scale`

/** The scales of an int8 parameter as what multiplies its integers: [1, columns] or [rows, 1]. */
export const scaleShapeOf = ({ axis, tensor: { shape } }: Int8Matrix): number[] =>
  axis === 1 ? [1, shape[1]!] : [shape[0]!, 1]

/** The parameters of a quantized model: int8 with scales, [1, columns] or [rows, 1], and the others as they are. */
export const int8Parameters = (
  all: readonly LayoutEntry[], dtype: string, valuesOf: Backend['read'],
): NamedTensor[] => {
  const tensors = all.flatMap(({ name, shape, parts }): NamedTensor[] => {
    const { value } = parts[0]!.param!
    const matrix = int8Of(value)
    if (!matrix) return [{ name, dtype, shape, read: () => valuesOf(value) }]
    return [
      { name, dtype: 'I8', shape, read: () => integersOf(matrix) },
      { name: scaleOf(name), dtype: 'F32', shape: scaleShapeOf(matrix), read: () => matrix.scales },
    ]
  })
  expectDistinctNames(tensors, 'parametersOf')
  return tensors
}

/** Parameters of a file with what is int8 multiplied by its scales, and the axes of those scales. */
export interface Dequantized<T> {
  readonly tensors: ReadonlyMap<string, T>
  readonly axes: ScaleAxes
}

/**
 * Finds int8 parameters by their scales; tensors of other kinds stay.
 * @throws `FormatError` if scales do not fit their integers, or a value is not one that `quantize` gives.
 */
export const dequantized = <T extends NamedTensor>(tensors: ReadonlyMap<string, T>): Dequantized<T> => {
  const axes = new Map<string, 0 | 1>()
  const result = new Map<string, T>()
  for (const [name, tensor] of tensors) {
    const scales = tensor.dtype === 'I8' ? tensors.get(scaleOf(name)) : undefined
    if (!scales) {
      result.set(name, tensor)
      continue
    }
    const [rows, columns] = tensor.shape
    const axis = scales.shape.join() === `1,${columns}` ? 1 : 0
    if (tensor.shape.length !== 2 || (axis === 0 && scales.shape.join() !== `${rows},1`) || scales.dtype !== 'F32')
      throw fault(
        scaleOf(name), `F32 scales of [1, ${columns}] or [${rows}, 1]`,
        `${scales.dtype} ${describeShape(scales.shape)}`,
      )
    axes.set(name, axis)
    result.set(name, { ...tensor, dtype: 'F32', read: () => products(name, tensor, scales, axis) })
  }
  for (const name of axes.keys()) result.delete(scaleOf(name))
  return { tensors: result, axes }
}

const products = (name: string, { shape, read }: NamedTensor, scales: NamedTensor, axis: 0 | 1): Float64Array => {
  const [integers, factors] = [read() as ArrayLike<number>, scales.read() as ArrayLike<number>]
  const columns = shape[1]!
  for (let i = 0; i < factors.length; i++)
    if (!(factors[i]! >= 0 && factors[i]! < Infinity))
      throw fault(`${scaleOf(name)}, number ${i}`, 'a finite scale of at least 0', String(factors[i]))
  return Float64Array.from({ length: integers.length }, (_, i) => {
    if (integers[i] === -128) throw fault(`${name}, number ${i}`, 'an integer from -127 to 127', '-128')
    return integers[i]! * factors[axis === 1 ? i % columns : Math.floor(i / columns)]!
  })
}

const fault = (where: string, expected: string, got: string): FormatError =>
  new FormatError({ where, expected, got, fix: 'Save the quantized model again.' })
