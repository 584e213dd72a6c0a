import { Sequential, type Blueprint, type Layer, type Signal } from '@recurra/layers'
import { EncoderDecoder } from '@recurra/rnn'
import { ConfigurationError, isRecord, option, options, type Option } from '@recurra/tensor'
import type { LayerMakers } from '../layers/layer-format.ts'
import { blueprintOf, makersWith } from './blueprint-of.ts'
import type { LayerConfig, ModelConfig, SignalConfig } from './model-config.ts'

/** The layers of a model that are not Recurra's own. */
export interface KnownLayers {
  /**
   * The makers of your own layers from their options, by type: `{ myCell: (options) => myCell(options.size) }`.
   * Default: only the layers of Recurra.
   */
  readonly layers?: LayerMakers
}

/** How they are checked. */
export const knownLayers: { readonly layers: Option<LayerMakers> } = {
  layers: option.checked<LayerMakers>('functions by type', isMakers)({}),
}

function isMakers(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every((make) => typeof make === 'function')
}

/**
 * A model as plain data, without its parameters; `modelOf` builds the model from it.
 *
 * ```ts
 * import { configOf, dense, lstm, modelOf, sequential } from 'recurra'
 *
 * const config = configOf(sequential(4, [lstm(8), dense(2)]))
 * console.log(modelOf(JSON.parse(JSON.stringify(config))).out) // { kind: 'sequence', size: 2 }
 * ```
 * @throws `ConfigurationError` if a layer could not be rebuilt (checked now, not when the model is loaded), or an
 * option is invalid.
 */
export const configOf = (model: Layer, given: KnownLayers = {}): ModelConfig => {
  const { layers } = options('configOf', given, knownLayers)
  const makers = makersWith(layers)
  const written = (blueprints: readonly Blueprint[]): LayerConfig[] => blueprints.map((blueprint, i) => {
    const config = plainData(blueprint)
    blueprintOf(config, makers, `layer ${i + 1}`)
    return config
  })
  if (model instanceof Sequential)
    return {
      format: 'recurra',
      version: 1,
      model: 'sequential',
      input: plainSignal(model.in),
      layers: written(model.blueprints),
    }
  if (model instanceof EncoderDecoder)
    return {
      format: 'recurra', version: 1, model: 'encoderDecoder',
      source: plainSignal(model.source), encoder: written(model.encoder.blueprints),
      target: plainSignal(model.in), decoder: written(model.decoder.blueprints),
      start: model.startName,
    }
  throw new ConfigurationError({
    where: 'configOf',
    expected: 'a model made by sequential or encoderDecoder',
    got: model.type,
    fix: `Put it into one: sequential(input, [${model.type}(…)]).`,
  })
}

/** JSON omits `build` and all other functions. */
const plainData = (blueprint: Blueprint): LayerConfig => JSON.parse(JSON.stringify(blueprint)) as LayerConfig

const plainSignal = ({ kind, size }: Signal): SignalConfig => ({ kind, size })
