import { sequence, tokens, vector, type Signal } from '@recurra/layers'
import { isRecord } from '@recurra/tensor'
import { unclear } from '../module.ts'
import { damaged, type KerasLayer, type Shape } from './keras-layer.ts'
import type { ModelLayer } from './model-layers.ts'

/** The shape of the input, without the batch, as the model or its first layer says. */
export const inputShape = (layers: readonly KerasLayer[], model: Readonly<Record<string, unknown>>): Shape => {
  const [first] = layers
  if (!first) throw unclear('model', 'at least one layer', 'none', damaged)
  const build = first.config['build_config'] ?? model['build_config']
  const shape =
    first.config['batch_input_shape'] ?? first.config['batch_shape'] ?? model['build_input_shape'] ??
    (isRecord(build) ? build['input_shape'] : undefined) ?? ofOldAttributes(first)
  if (!Array.isArray(shape) || shape.length < 2)
    throw unclear(first.name, 'the shape of the input, in the config of the model', JSON.stringify(shape) ?? 'none')
  return (shape as unknown[]).slice(1).map((size) => {
    if (size === null) return undefined
    if (typeof size === 'number' && Number.isInteger(size) && size > 0) return size
    throw unclear(first.name, 'an input shape of positive integers', JSON.stringify(shape), damaged)
  })
}

/** Embeddings that say only how many steps there are. */
const ofOldAttributes = ({ type, config }: KerasLayer): unknown =>
  type === 'Embedding' ? [null, config['input_length'] ?? null] : undefined

/** The input of our model: tokens where an embedding comes first, in each branch if there are several. */
export const signalOf = (shape: Shape, first: ModelLayer | undefined): Signal => {
  const [embedding, ...others] = firstLayers(first)
  if (embedding?.type === 'Embedding' && shape.length === 1) {
    const symbols = embedding.config['input_dim']
    const other = others.find(({ type, config }) => type !== 'Embedding' || config['input_dim'] !== symbols)
    if (other)
      throw unclear(
        other.name, `an Embedding with input_dim ${String(symbols)}, as ${embedding.name}, which reads the same tokens`,
        other.type === 'Embedding' ? `input_dim ${String(other.config['input_dim'])}` : other.type,
      )
    if (typeof symbols === 'number' && Number.isInteger(symbols) && symbols > 0) return tokens(symbols)
    throw unclear(embedding.name, 'input_dim: a positive integer', JSON.stringify(symbols), damaged)
  }
  const features = shape.at(-1)
  if (shape.length > 2 || features === undefined)
    throw unclear(
      'input', 'features, or steps of features, of a known size', `[${shape.map((n) => n ?? 'null').join(', ')}]`,
    )
  return shape.length === 2 ? sequence(features) : vector(features)
}

/** The layers that read the input of a model. */
const firstLayers = (first: ModelLayer | undefined): ModelLayer[] =>
  !first ? [] : first.branches.length === 0 ? [first] : first.branches.flatMap(([one]) => firstLayers(one))
