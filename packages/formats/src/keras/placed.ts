import { Sequential, type Layer } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import type { Dialect } from './dialect.ts'

/** A layer in a config of Keras. */
export interface KerasLayerConfig {
  readonly class_name: string
  readonly config: Readonly<Record<string, unknown>>
}

/** A layer of a model in Keras: its class and attributes, and how many of the layers behind it are part of it. */
export interface Written extends KerasLayerConfig {
  readonly taken?: number
  /** What it is passed besides its input. */
  readonly call?: Readonly<Record<string, unknown>>
  /** How often it is passed its input, as queries, values and keys. Default: once. */
  readonly reads?: number
}

/** A layer of a model, and the options that made it. */
interface Made {
  readonly name: string
  readonly layer: Layer
  readonly options: Readonly<Record<string, unknown>>
}

/** A layer of a model, with the layers that follow it. */
export interface Placed extends Made {
  readonly before: Made | undefined
  readonly next: readonly Made[]
  readonly dialect: Dialect
  /** The error about what Keras lacks. */
  readonly refused: (expected: string, got: string) => ConfigurationError
}

/**
 * The layers of a model, or of a part of it that lies `within` others, those of stacks one by one, each with a name
 * that is not `taken`.
 */
export const placed = (model: Sequential, within: string, taken: Set<string>, dialect: Dialect): Placed[] =>
  layersIn(model, within).map((one, i, all) => {
    let { name } = one
    for (let n = 1; taken.has(name); n++) name = `${one.name}_${n}`
    taken.add(name)
    const refused = (expected: string, got: string): ConfigurationError => new ConfigurationError({
      where: `${dialect.exporter}, ${name}`, expected, got,
      fix: `Use a layer that ${dialect.program} has, or exportJavascript, which needs no library.`,
    })
    return { ...one, name, before: all[i - 1], next: all.slice(i + 1), dialect, refused }
  })

/** Numbers alone are no names in TensorFlow. */
const layersIn = (model: Sequential, within: string): Made[] =>
  model.parts.flatMap(([name, layer], i) => {
    const plain = `${within}${name}`.replaceAll(/[^\w.-]/g, '_')
    if (layer instanceof Sequential) return layersIn(layer, `${plain}_`)
    const { options = {} } = model.blueprints[i]!
    return [{ name: /^\d/.test(plain) ? `${layer.type}_${plain}` : plain, layer, options }]
  })
