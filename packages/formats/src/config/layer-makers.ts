import { activation, activations, attention, dense, dropout, embedding, joinSource, layerNorm, named, oneHot, stack, type ActivationName, type Blueprint, type Sequence } from '@recurra/layers'
import { bidirectional, gru, gruResetBefore, indRnn, last, layerNormLstm, lru, lstm, minGru, minLstm, peepholeLstm, repeat, rnn, rnnRelu } from '@recurra/rnn'
import { ConfigurationError } from '@recurra/tensor'
import { parseLayerConfig, type LayerConfig } from './model-config.ts'

/** What a layer was made with, as plain data. */
export type LayerOptions = { readonly [option: string]: unknown }

/** Makes the blueprint of a layer from its options; `inner` makes that of a layer inside it. */
export type LayerMaker = (options: LayerOptions, inner: (config: unknown) => Blueprint) => Blueprint

/** Makers by the type of the layer. */
export type LayerMakers = { readonly [type: string]: LayerMaker }

/** For layers that are made with a size, and perhaps more. Each checks its own options. */
const sized = (make: (size: number, options: never) => unknown): LayerMaker => ({ size, ...options }) => make(size as number, options as never) as Blueprint

const cells = { rnn, rnnRelu, lstm, peepholeLstm, layerNormLstm, gru, gruResetBefore, minGru, minLstm, indRnn, lru }

/** Those of Recurra itself. */
export const layerMakers: LayerMakers = {
  ...Object.fromEntries(Object.entries(cells).map(([type, make]) => [type, sized(make)])),
  dense: sized(dense),
  embedding: sized(embedding),
  oneHot: () => oneHot() as Blueprint,
  activation: (options) => activation(activationNamed(options['function'])) as Blueprint,
  dropout: ({ rate, ...options }) => dropout(rate as number, options) as Blueprint,
  layerNorm: (options) => layerNorm(options as Parameters<typeof layerNorm>[0]) as Blueprint,
  attention: (options) => attention(options as unknown as Parameters<typeof attention>[0]) as Blueprint,
  joinSource: () => joinSource() as Blueprint,
  last: () => last() as Blueprint,
  repeat: ({ steps }) => repeat(steps as number) as Blueprint,
  stack: ({ count, of }, inner) => stack(count as number, inner(of)) as Blueprint,
  bidirectional: ({ of }, inner) =>
    bidirectional((direction) => {
      const { options, ...config } = of as LayerConfig // `inner` looks at it
      return inner({ ...config, options: { ...options, ...direction } }) as Blueprint<Sequence, Sequence>
    }) as Blueprint,
}

/** A formula is no data: it cannot be written, and what was not written cannot be read. */
const activationNamed = (name: unknown): ActivationName => {
  if (Object.hasOwn(activations, name as string)) return name as ActivationName
  throw new ConfigurationError({
    where: 'activation',
    expected: `one of ${Object.keys(activations).join(', ')}`,
    got: `${String(name)}, a formula of its own`,
    fix: 'Use one of these, or tell how it is made: { layers: { activation: () => activation((x) => …) } }.',
  })
}

/** The blueprint that a config describes. A type that nobody knows is a `ConfigurationError`. */
export const blueprintOf = (config: LayerConfig, makers: LayerMakers, where: string): Blueprint => {
  const { type, name, options = {} } = config
  const maker = Object.hasOwn(makers, type) ? makers[type] : undefined
  if (!maker)
    throw new ConfigurationError({
      where,
      expected: `a layer known by its type (${Object.keys(makers).join(', ')})`,
      got: String(type),
      fix: 'Tell how it is made: { layers: { myCell: (options) => myCell(options.size) } }.',
    })
  const blueprint = maker(options, (inner) => blueprintOf(parseLayerConfig(inner, where), makers, where))
  return name === undefined ? blueprint : named(name, blueprint)
}
