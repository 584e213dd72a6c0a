import { activation, activations, attention, dense, dropout, embedding, joinSource, layerNorm, named, oneHot, stack, type ActivationName, type AttentionOptions, type Blueprint, type Sequence } from '@recurra/layers'
import { bidirectional, cells, last, repeat } from '@recurra/rnn'
import { ConfigurationError, expectNames } from '@recurra/tensor'
import { parseLayerConfig, type LayerConfig } from './model-config.ts'

/** What a layer was made with, as plain data. */
export type LayerOptions = { readonly [option: string]: unknown }

/** Makes the blueprint of a layer from its options; `inner` makes that of a layer inside it. */
export type LayerMaker = (options: LayerOptions, inner: (config: unknown) => Blueprint) => Blueprint

/** Makers by the type of the layer. */
export type LayerMakers = { readonly [type: string]: LayerMaker }

/** For layers that are made with a size, and options that they look at themselves. */
const sized = (make: (size: number, options: never) => unknown): LayerMaker =>
  ({ size, ...options }) => make(size as number, options as never) as Blueprint

/** For layers whose makers take no object of options, and so cannot refuse one: nothing in a config is overlooked. */
const taking = (known: readonly string[], maker: LayerMaker): LayerMaker => (options, inner) => {
  expectNames(options, known, 'options', 'config')
  return maker(options, inner)
}

/** Those of Recurra itself. */
export const layerMakers: LayerMakers = {
  ...Object.fromEntries(Object.entries(cells).map(([type, make]) => [type, sized(make)])),
  dense: sized(dense),
  embedding: sized(embedding),
  oneHot: taking([], () => oneHot() as Blueprint),
  activation: taking(['function'], (options) => activation(activationNamed(options['function'])) as Blueprint),
  dropout: ({ rate, ...options }) => dropout(rate as number, options) as Blueprint,
  layerNorm: (options) => layerNorm(options) as Blueprint,
  attention: (options) => attention(options as unknown as AttentionOptions) as Blueprint,
  joinSource: taking([], () => joinSource() as Blueprint),
  last: taking([], () => last() as Blueprint),
  repeat: taking(['steps'], ({ steps }) => repeat(steps as number) as Blueprint),
  stack: taking(['count', 'of'], ({ count, of }, inner) => stack(count as number, inner(of)) as Blueprint),
  bidirectional: taking(['of'], ({ of }, inner) => {
    inner(of) // looks at it as it stands, before the directions take the place of its own
    const { options, ...config } = of as LayerConfig
    return bidirectional((direction) => inner({ ...config, options: { ...options, ...direction } }) as Blueprint<Sequence, Sequence>) as Blueprint
  }),
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

/** Layers within layers, stacks of both directions say; what is deeper was not written by a person. */
const deepest = 32

/**
 * The blueprint that a config describes.
 * @throws `ConfigurationError` if nobody knows its type, or layers lie too deep within layers.
 */
export const blueprintOf = (config: LayerConfig, makers: LayerMakers, where: string, depth = 1): Blueprint => {
  if (depth > deepest)
    throw new ConfigurationError({ where, expected: `layers within layers at most ${deepest} deep`, got: 'more', fix: 'It was not written by Recurra, or changed by hand.' })
  const { type, name, options = {} } = config
  const maker = Object.hasOwn(makers, type) ? makers[type] : undefined
  if (!maker)
    throw new ConfigurationError({
      where,
      expected: `a layer known by its type (${Object.keys(makers).join(', ')})`,
      got: String(type),
      fix: 'Tell how it is made: { layers: { myCell: (options) => myCell(options.size) } }.',
    })
  const blueprint = maker(options, (inner) => blueprintOf(parseLayerConfig(inner, where), makers, where, depth + 1))
  return name === undefined ? blueprint : named(name, blueprint)
}
