import * as v from 'valibot'
import { parsed } from '../parsed.ts'

/** A layer as plain data: its blueprint in JSON. */
export interface LayerConfig {
  /** The kind of layer, e.g. `lstm`. */
  readonly type: string
  /** A name of its own. */
  readonly name?: string | undefined
  /** The options that it was made with. */
  readonly options?: { readonly [option: string]: unknown } | undefined
}

/** A signal as plain data. */
export interface SignalConfig {
  /** The kind of signal. */
  readonly kind: 'sequence' | 'vector' | 'tokens'
  /** Features, or symbols. */
  readonly size: number
}

/** A model as plain data, without its parameters. */
export type ModelConfig = SequentialConfig | EncoderDecoderConfig

/** The fields of every config. */
interface Versioned {
  /** Marks a config of Recurra. */
  readonly format: 'recurra'
  /** The version of the config; files of every version stay readable. */
  readonly version: 1
}

/** A model made by `sequential`. */
export interface SequentialConfig extends Versioned {
  /** Tells the two apart. */
  readonly model: 'sequential'
  /** The input. */
  readonly input: SignalConfig
  /** Its layers. */
  readonly layers: readonly LayerConfig[]
}

/** A model made by `encoderDecoder`. */
export interface EncoderDecoderConfig extends Versioned {
  /** Tells the two apart. */
  readonly model: 'encoderDecoder'
  /** The input of the encoder. */
  readonly source: SignalConfig
  /** Its layers. */
  readonly encoder: readonly LayerConfig[]
  /** The input of the decoder. */
  readonly target: SignalConfig
  /** Its layers. */
  readonly decoder: readonly LayerConfig[]
  /** The initial state of the decoder. */
  readonly start: 'state' | 'input' | 'zero'
}

const signal = v.strictObject({
  kind: v.picklist(['sequence', 'vector', 'tokens']),
  size: v.pipe(v.number(), v.integer(), v.minValue(1)),
})
const layer = v.strictObject({
  type: v.string(),
  name: v.optional(v.string()),
  options: v.optional(v.record(v.string(), v.unknown())),
})
const layers = v.pipe(v.array(layer), v.minLength(1))
const versioned = { format: v.literal('recurra'), version: v.literal(1) }
const schema = v.variant('model', [
  v.strictObject({ ...versioned, model: v.literal('sequential'), input: signal, layers }),
  v.strictObject({
    ...versioned,
    model: v.literal('encoderDecoder'),
    source: signal,
    encoder: layers,
    target: signal,
    decoder: layers,
    start: v.picklist(['state', 'input', 'zero']),
  }),
])

/**
 * Checks the config of a model from outside.
 * @throws `ConfigurationError` if it is invalid; the error names the position.
 */
export const parseModelConfig = (config: unknown): ModelConfig => parsed(schema, config, { where: 'config' })

/**
 * Checks the config of a layer.
 * @throws `ConfigurationError` if it is invalid; the error names the position.
 */
export const parseLayerConfig = (config: unknown, where: string): LayerConfig => parsed(layer, config, { where })
