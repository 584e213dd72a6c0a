import { Sequential, type Layer, type Variable } from '@recurra/layers'
import { Bidirectional } from '@recurra/rnn'
import { ConfigurationError } from '@recurra/tensor'

/** The parameters of one layer by name. */
export type Own = { readonly [name: string]: Variable }

/** The layers of a container with their names; `undefined` for any other layer. */
export const childrenOf = (layer: Layer): readonly (readonly [name: string, layer: Layer])[] | undefined =>
  layer instanceof Sequential ? layer.parts : undefined

/** The layers of a recurrent layer by direction: one, or ahead and back. */
export const directionsOf = (layer: Layer): readonly Layer[] => (layer instanceof Bidirectional ? [layer.ahead, layer.back] : [layer])

/** Why a layer cannot be stored in a layout. */
export const noCounterpart = (framework: string, layer: Layer): ConfigurationError =>
  new ConfigurationError({
    where: layer.type,
    expected: `a layer that ${framework} has, too`,
    got: `one with parameters (${Object.keys(layer.params).join(', ')}) that it has no place for`,
    fix: 'Leave out the layout: Recurra has a place for all of them.',
  })

/**
 * Checks that a recurrent layer has as many biases as the framework gives it.
 * @throws `ConfigurationError` if it has not.
 */
export const expectBiases = (framework: string, layer: Layer, allowed: readonly number[]): void => {
  const biases = Number('bias' in layer.params) + Number('recurrentBias' in layer.params)
  if (allowed.includes(biases)) return
  throw new ConfigurationError({
    where: layer.type,
    expected: `${allowed.join(' or ')} biases, as ${framework} has`,
    got: String(biases),
    fix: `Build it with { biases: ${allowed.at(-1)!} }.`,
  })
}
