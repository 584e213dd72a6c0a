import { commonBackend, type Backend } from '@recurra/backend'
import { SizeLimit, Sequential, type Blueprint } from '@recurra/layers/authoring'
import { EncoderDecoder } from '@recurra/rnn'
import { ConfigurationError, option, options, Random, RecurraError } from '@recurra/tensor'
import { blueprintOf, makersWith } from './blueprint-of.ts'
import { knownLayers, type KnownLayers } from './config-of.ts'
import { parseModelConfig, type LayerConfig, type ModelConfig } from './model-config.ts'

/** Options of `modelOf`. */
export interface ModelOptions extends KnownLayers {
  /** The backend that runs the model. Default: the fastest of this machine. */
  readonly backend?: Backend
  /** The seed of the initial parameters, until others are loaded. Default: 1. */
  readonly seed?: number
  /**
   * The maximum number of parameter values, for a config from outside: a larger model is rejected before memory is
   * allocated. Default: no limit.
   */
  readonly maxParameters?: number
  /** Whether the parameters stay 0 instead of being initialized. Default: false. */
  readonly uninitialized?: boolean
}

/** The models that a config can describe. */
export type Model = Sequential | EncoderDecoder

/**
 * Builds the model that a config describes (see `configOf`), with newly initialized parameters.
 *
 * ```ts
 * import { modelOf } from 'recurra'
 *
 * const model = modelOf({
 *   format: 'recurra',
 *   version: 1,
 *   model: 'sequential',
 *   input: { kind: 'sequence', size: 4 },
 *   layers: [{ type: 'lstm', options: { size: 8 } }, { type: 'last' }],
 * })
 * console.log(model.out) // { kind: 'vector', size: 8 }
 * ```
 * @throws `ConfigurationError` if the config or an option is invalid; the error names the position.
 * @throws `ShapeError` if its layers do not fit together.
 * @throws `ValueError` if it would have more parameter values than `most`.
 */
export const modelOf = (config: unknown, options?: ModelOptions): Model => buildModel(parseModelConfig(config), options)

/** The same for a config that was already checked. */
export const buildModel = (config: ModelConfig, given: ModelOptions = {}): Model => {
  const { layers, backend = commonBackend(), seed, maxParameters, uninitialized } = options('modelOf', given, {
    ...knownLayers,
    backend: option.checked<Backend>('a backend', (value) => typeof value === 'object' && value !== null)(),
    seed: option.finite(1),
    maxParameters: option.nonNegative(),
    uninitialized: option.flag(false),
  })
  const makers = makersWith(layers)
  const made = (all: readonly LayerConfig[], what: string): Blueprint[] =>
    all.map((layer, i) => blueprintOf(layer, makers, `config, ${what}.${i}`))
  const context = {
    backend, uninitialized, random: new Random(seed),
    ...(maxParameters !== undefined && { sizeLimit: new SizeLimit(maxParameters) }),
  }
  return understood(() => {
    if (config.model === 'sequential') return new Sequential(config.input, made(config.layers, 'layers'), context)
    const { source, encoder, target, decoder, start } = config
    return new EncoderDecoder(
      { source, encoder: made(encoder, 'encoder'), target, decoder: made(decoder, 'decoder'), start },
      context,
    )
  })
}

/** Layers check the values of their options; any other error means that a value was of the wrong type. */
const understood = (build: () => Model): Model => {
  try {
    return build()
  } catch (error) {
    if (error instanceof RecurraError) throw error
    const complaint = new ConfigurationError({
      where: 'config',
      expected: 'options that the layers understand',
      got: error instanceof Error ? error.message : String(error),
      fix: 'It was not written by Recurra, or changed by hand.',
    })
    throw Object.assign(complaint, { cause: error })
  }
}
