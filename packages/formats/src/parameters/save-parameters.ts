import type { Layer } from '@recurra/layers'
import { isRecord, option, options } from '@recurra/tensor'
import { writeSafetensors } from '../safetensors/write-safetensors.ts'
import { parametersOf, parametersOptions, type ParametersOptions } from './parameters-of.ts'

/** Options of `saveParameters`. */
export interface SaveOptions extends ParametersOptions {
  /** Metadata of the file, as texts. Default: no metadata. */
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
 * @throws `ConfigurationError` if the layout lacks a layer of the model, or an option is invalid.
 * @throws `ValueError` if two parameters would have the same name.
 */
export const saveParameters = (model: Layer, given: SaveOptions = {}): Uint8Array => {
  const { metadata, layout, dtype } = options('saveParameters', given, {
    ...parametersOptions,
    metadata: option.checked<{ readonly [key: string]: string }>('texts by name', isTexts)(),
  })
  return writeSafetensors(parametersOf(model, { layout, ...(dtype && { dtype }) }), metadata)
}

const isTexts = (value: unknown): boolean =>
  isRecord(value) && Object.values(value).every((text) => typeof text === 'string')
