import type { Layer, Variable } from '@recurra/layers'
import { sizeOf } from '@recurra/tensor'
import type { FloatType } from '../safetensors/dtypes.ts'
import type { TensorToStore } from '../safetensors/tensor-to-store.ts'
import { sizeOfPart, type ParameterLayout } from './layout.ts'
import { expectDistinctNames } from './named-tensors.ts'
import { recurra } from './recurra-layout.ts'

/** Options of `parametersOf`. */
export interface ParametersOptions {
  /** Under which names and in which order: `recurra` unless said otherwise, or `pytorch`, or `keras`. */
  readonly layout?: ParameterLayout
  /** The number type in the file; F64 for a model in float64, else F32, unless said otherwise. */
  readonly dtype?: FloatType
}

/**
 * The parameters of a model as tensors by name, for `writeSafetensors` or for `writeNpz` of `recurra/npz`.
 *
 * ```ts
 * import { dense, keras, parametersOf, sequential, vector } from 'recurra'
 *
 * const tensors = parametersOf(sequential(vector(2), [dense(3)]), { layout: keras })
 * console.log(tensors.map(({ name, shape }) => `${name} [${shape}]`)) // ['0/kernel [2,3]', '0/bias [3]']
 * ```
 * @throws `ConfigurationError` if the layout has no place for a layer of the model.
 * @throws `ValueError` if two parameters would have one name.
 */
export const parametersOf = (model: Layer, { layout = recurra, dtype }: ParametersOptions = {}): TensorToStore[] => {
  const { backend } = model
  const type = dtype ?? (backend.dtype === 'float64' ? 'F64' : 'F32')
  const all = layout(model)
  expectDistinctNames(all.map(({ name }) => name), 'parametersOf')
  const written = new Set<Variable>()
  return all.map(({ name, shape, parts }) => {
    const values = new Float64Array(sizeOf(shape))
    let at = 0
    for (const part of parts) {
      const { param, plus, order } = part
      const own = param && !written.has(param) ? backend.read(param.value) : undefined
      const added = plus && backend.read(plus.value)
      for (let i = 0; i < sizeOfPart(part); i++) {
        const place = order ? order[i]! : i
        values[at++] = (own?.[place] ?? 0) + (added?.[place] ?? 0)
      }
    }
    for (const { param } of parts) if (param) written.add(param)
    return { name, dtype: type, shape, values }
  })
}
