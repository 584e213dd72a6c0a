import type { Layer, Variable } from '@recurra/layers'
import { expectReadable, isQuantized } from '@recurra/rnn/authoring'
import { option, options, sizeOf, type NamedTensor, type Option } from '@recurra/tensor'
import { floats, type FloatType } from '../safetensors/dtypes.ts'
import { recurra, sizeOfPart, type ParameterLayout } from './layout.ts'
import { expectDistinctNames } from '../named-tensors.ts'
import { int8Parameters } from './int8-parameters.ts'

/** Options of `parametersOf`. */
export interface ParametersOptions {
  /** The layout, which sets names and order: `recurra`, `pytorch` or `keras`. Default: `recurra`. */
  readonly layout?: ParameterLayout
  /** The number type in the file. Default: F64 for a float64 model, else F32. */
  readonly dtype?: FloatType
}

/** How they are checked. */
export const parametersOptions: {
  readonly layout: Option<ParameterLayout>
  readonly dtype: Option<FloatType | undefined>
} = {
  layout: option.checked<ParameterLayout>(
    'a layout: recurra, pytorch or keras',
    (value) => typeof value === 'function',
  )(recurra),
  dtype: option.oneOf(...floats)(),
}

/**
 * The parameters of a model as tensors by name, for `writeSafetensors` or for `writeNpz` of `recurra/npz`. A quantized
 * model has I8 with a tensor of scales, `0.weight` and `0.weight.scale`, unless another layout or number type is given.
 *
 * ```ts
 * import { dense, keras, parametersOf, sequential, vector } from 'recurra'
 *
 * const tensors = parametersOf(sequential(vector(2), [dense(3)]), { layout: keras })
 * console.log(tensors.map(({ name, shape }) => `${name} [${shape}]`)) // ['0/kernel [2,3]', '0/bias [3]']
 * ```
 * @throws `ConfigurationError` if the layout lacks a layer of the model, an option is invalid, or the model is on an
 * asynchronous backend: `copyTo` copies it to another.
 * @throws `ValueError` if two parameters would have the same name.
 */
export const parametersOf = (model: Layer, given: ParametersOptions = {}): NamedTensor[] => {
  const { layout, dtype } = options('parametersOf', given, parametersOptions)
  expectReadable(model)
  const { backend } = model
  const type = dtype ?? (backend.dtype === 'float64' ? 'F64' : 'F32')
  const all = layout(model)
  if (layout === recurra && !dtype && isQuantized(model)) return int8Parameters(all, type, backend.read)
  expectDistinctNames(all, 'parametersOf')
  const written = new Map<Variable, Uint8Array>() // the values that are in the file already
  return all.map(({ name, shape, parts }) => {
    const values = new Float64Array(sizeOf(shape))
    let at = 0
    for (const part of parts) {
      const { param, plus, order } = part
      const own = param && backend.read(param.value)
      const added = plus && backend.read(plus.value)
      if (param && !written.has(param)) written.set(param, new Uint8Array(sizeOf(param.value.shape)))
      const before = param && written.get(param)!
      for (let i = 0; i < sizeOfPart(part); i++) {
        const place = order ? order[i]! : i
        values[at++] = (own && before![place] === 0 ? own[place]! : 0) + (added?.[place] ?? 0)
        if (before) before[place] = 1
      }
    }
    return { name, dtype: type, shape, read: () => values }
  })
}
