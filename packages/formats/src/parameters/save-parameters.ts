import type { Layer } from '@recurra/layers'
import { writeSafetensors } from '../safetensors/write-safetensors.ts'
import { parametersOf, type ParametersOptions } from './parameters-of.ts'

/** Options of `saveParameters`. */
export interface SaveOptions extends ParametersOptions {
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
 * @throws `ConfigurationError` if the layout has no place for a layer of the model.
 */
export const saveParameters = (model: Layer, { metadata, ...options }: SaveOptions = {}): Uint8Array => writeSafetensors(parametersOf(model, options), metadata)
