import type { Layer, Variable } from '@recurra/layers'
import { isQuantized } from '@recurra/rnn'
import {
  describeShape, expectHeld, options, ShapeError, sizeOf, ValueError, type DType, type NamedTensor, type NamedTensors,
} from '@recurra/tensor'
import { floats, isFloat } from '../safetensors/dtypes.ts'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import { sizeOfPart, type LayoutEntry, type ParameterLayout } from './layout.ts'
import { parametersOptions } from './parameters-of.ts'
import { expectDistinctNames, expectTensors } from '../named-tensors.ts'
import { dequantized } from './int8-parameters.ts'
import { skipOptions, withoutSkipped, type SkipOptions } from './skipped.ts'

/** Options of `loadParameters`. */
export interface LoadOptions extends SkipOptions {
  /** The layout of the file: `recurra`, `pytorch` or `keras`. Default: `recurra`. */
  readonly layout?: ParameterLayout
}

/**
 * Loads the parameters of a model from a safetensors file (or tensors by name). Every parameter must be present in the
 * right shape, and nothing else except what is to be skipped; tensors that cannot be parameters (texts, seeds) are left
 * out with a warning. After an error the model is unchanged.
 *
 * ```ts
 * import { dense, loadParameters, saveParameters, sequential, vector } from 'recurra'
 *
 * const [learned, fresh] = [1, 2].map((seed) => sequential(vector(2), [dense(3)], { seed }))
 * loadParameters(fresh!, saveParameters(learned!))
 * try {
 *   loadParameters(sequential(vector(5), [dense(3)]), saveParameters(learned!))
 * } catch (error) {
 *   console.log((error as Error).message) // …0.weight…[5, 3]…[2, 3]…
 * }
 * ```
 * @throws `ValueError` if a parameter is missing, a tensor is surplus, or a value is not finite, or too large for the
 * number type of the model.
 * @throws `ShapeError` if a parameter has another shape.
 * @throws `FormatError` if the file is damaged.
 * @throws `ConfigurationError` if the layout lacks a layer of the model, an option is invalid, or a tensor is none.
 */
export const loadParameters = (model: Layer, file: Uint8Array | NamedTensors, given: LoadOptions = {}): void => {
  const { layout, skip, onWarning } = options('loadParameters', given, {
    layout: parametersOptions.layout,
    ...skipOptions,
  })
  const wanted = layout(model)
  if (!(file instanceof Uint8Array)) expectTensors(file, 'loadParameters')
  const stored: NamedTensors = file instanceof Uint8Array ? readSafetensors(file).tensors : file
  const all = isQuantized(model) ? dequantized(stored).tensors : stored
  const names = new Set(wanted.map(({ name }) => name))
  const tensors = fitting(without(all, names, { skip, onWarning }), wanted, layout)
  expectFitting(wanted, tensors)
  const { backend } = model
  for (const [param, numbers] of parametersFrom(wanted, tensors, backend.dtype)) backend.write(param.value, numbers)
}

/** The tensors without those that are not parameters, unless the model has a parameter of that name. */
const without = (all: NamedTensors, wanted: ReadonlySet<string>, skipping: Required<SkipOptions>): NamedTensors => {
  const unknown = new Map([...all].filter(([name]) => !wanted.has(name)))
  const others = withoutSkipped(unknown, 'loadParameters', skipping, all)
  return new Map([...all].filter(([name]) => wanted.has(name) || others.has(name)))
}

/** The tensors in the form of the layout, if a file has other names or shapes. */
export const fitting = (
  tensors: NamedTensors, wanted: readonly LayoutEntry[], { plain }: ParameterLayout,
): NamedTensors => {
  const fits =
    tensors.size === wanted.length &&
    wanted.every(({ name, shape }) => tensors.get(name)?.shape.join() === shape.join())
  return !plain || fits ? tensors : plain(tensors, new Set(wanted.map(({ name }) => name)))
}

/** The new value of each parameter: the sum of its places in the tensors. */
const parametersFrom = (
  wanted: readonly LayoutEntry[], tensors: NamedTensors, dtype: DType,
): ReadonlyMap<Variable, Float64Array> => {
  const all = new Map<Variable, Float64Array>()
  const numbersOf = (param: Variable): Float64Array => {
    if (!all.has(param)) all.set(param, new Float64Array(sizeOf(param.value.shape)))
    return all.get(param)!
  }
  for (const { name, parts } of wanted) {
    const values = finiteIn(name, tensors.get(name)!, dtype)
    let at = 0
    for (const part of parts) {
      const { param, plus, order } = part
      const own = param && numbersOf(param)
      if (plus) numbersOf(plus)
      const isSum = own?.some((value) => value !== 0)
      for (let i = 0; i < sizeOfPart(part); i++, at++) {
        if (own) own[order ? order[i]! : i]! += values[at]!
        else if (values[at] !== 0) throw noPlaceFor(name, at, values[at]!)
      }
      if (isSum) expectHeld(own!, dtype, name)
    }
  }
  return all
}

const noPlaceFor = (name: string, at: number, value: number): ValueError =>
  new ValueError({
    where: `${name}, number ${at}`,
    expected: '0, since the layer has one bias',
    got: String(value),
    fix: 'Build it with { biases: 2 }.',
  })

/** Throws unless there is a tensor of the right shape and type for each parameter, and nothing else. */
export const expectFitting = (wanted: readonly LayoutEntry[], tensors: NamedTensors): void => {
  expectDistinctNames(wanted, 'loadParameters')
  expectSameNames(wanted, tensors)
  for (const { name, shape } of wanted) expectAlike(name, shape, tensors.get(name)!)
}

const expectSameNames = (wanted: readonly LayoutEntry[], tensors: NamedTensors): void => {
  const names = new Set(wanted.map(({ name }) => name))
  const missing = [...names].filter((name) => !tensors.has(name))
  const strange = [...tensors.keys()].filter((name) => !names.has(name))
  if (missing.length === 0 && strange.length === 0) return
  const list = (all: readonly string[]): string =>
    all.slice(0, 5).join(', ') + (all.length > 5 ? ` and ${all.length - 5} more` : '')
  throw new ValueError({
    where: 'loadParameters',
    expected:
      missing.length > 0
        ? `a tensor for each parameter of the model, ${list(missing)} too`
        : 'tensors for the parameters of the model alone',
    got: strange.length > 0 ? `what it has no place for: ${list(strange)}` : 'none of that name',
    fix:
      missing.length > 0
        ? 'Build the model as it was built when it was saved, and say who wrote the file: { layout: pytorch }, say.'
        : `Build the model with them, or leave them out: { skip: ['${strange[0]!}'] }.`,
  })
}

const expectAlike = (name: string, shape: readonly number[], stored: NamedTensor): void => {
  if (stored.shape.join() !== shape.join())
    throw new ShapeError({
      where: name,
      expected: `shape ${describeShape(shape)}`,
      got: describeShape(stored.shape),
      fix: 'Build the model with the sizes that it had when it was saved.',
    })
  if (!isFloat(stored.dtype))
    throw new ValueError({
      where: name,
      expected: `numbers of type ${floats.join(', ')}`,
      got: stored.dtype,
      fix: 'Save it as F32.',
    })
}

const finiteIn = (name: string, stored: NamedTensor, dtype: DType): ArrayLike<number> => {
  const values = stored.read() as ArrayLike<number>
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]!))
      throw new ValueError({
        where: `${name}, number ${i}`,
        expected: 'a finite number',
        got: String(values[i]),
        fix: 'The model that was saved had been ruined; take an earlier one.',
      })
  expectHeld(values, dtype, name)
  return values
}
