import type { Layer } from '@recurra/layers'
import { sizeOf } from '@recurra/tensor'
import { writeSafetensors, type TensorToStore } from '../safetensors/write-safetensors.ts'
import type { StoredType } from '../safetensors/dtypes.ts'
import type { ParameterLayout } from './layout.ts'
import { recurra } from './recurra-layout.ts'

/** Options of `saveParameters`. */
export interface SaveOptions {
  /** Under which names and in which order: `recurra` unless said otherwise, or `pytorch`, or `keras`. */
  readonly layout?: ParameterLayout
  /** The number type in the file; F64 for a model in float64, else F32, unless said otherwise. */
  readonly dtype?: Extract<StoredType, 'F64' | 'F32' | 'F16' | 'BF16'>
  /** Texts that go with them. */
  readonly metadata?: { readonly [key: string]: string }
}

/**
 * The parameters of a model as a safetensors file.
 *
 * ```ts
 * import { dense, loadParameters, lstm, saveParameters, sequential } from 'recurra'
 *
 * const file = saveParameters(sequential(4, [lstm(8), dense(2)], { seed: 1 }))
 * const other = sequential(4, [lstm(8), dense(2)], { seed: 2 })
 * loadParameters(other, file) // now both are the same model
 * ```
 */
export const saveParameters = (model: Layer, { layout = recurra, dtype, metadata = {} }: SaveOptions = {}): Uint8Array => {
  const { backend } = model
  const type = dtype ?? (backend.dtype === 'float64' ? 'F64' : 'F32')
  const tensors = layout(model).map(({ name, shape, parts }): TensorToStore => {
    const values = new Float64Array(sizeOf(shape))
    let at = 0
    for (const { param, order } of parts) {
      const own = backend.read(param.value)
      for (let i = 0; i < own.length; i++) values[at++] = own[order ? order[i]! : i]!
    }
    return { name, dtype: type, shape, values }
  })
  return writeSafetensors(tensors, metadata)
}
