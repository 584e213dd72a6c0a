import type { Layer } from '@recurra/layers'
import { childrenOf, directionsOf, expectBiases, noCounterpart, type Own } from './children.ts'
import { asIs, turned, type ParameterLayout, type StoredParameter } from './layout.ts'

/**
 * The state dict of PyTorch: a model is an `nn.Sequential` ("0.weight_ih_l0", "2.bias"), and recurrent layers of one kind
 * that follow each other in a `sequential` or `stack` of their own are one module with so many layers. Gates come in the
 * same order (i f g o, r z n); weights are transposed.
 *
 * ```ts
 * import { dense, lstm, pytorch, readSafetensors, saveParameters, sequential } from 'recurra'
 *
 * const { tensors } = readSafetensors(saveParameters(sequential(4, [lstm(8), dense(2)]), { layout: pytorch }))
 * console.log(tensors.get('0.weight_ih_l0')?.shape) // [32, 4]
 * ```
 * @throws `ConfigurationError` if PyTorch does not have such a layer, or has other biases in it.
 */
export const pytorch: ParameterLayout = (layer) => visit(layer, '')

const recurrent = new Set(['rnn', 'rnnRelu', 'lstm', 'gru'])

const visit = (layer: Layer, name: string): readonly StoredParameter[] => {
  const within = (child: string): string => (name ? `${name}.${child}` : child)
  const own = layer.params as Own
  const children = childrenOf(layer)
  if (children && !isOneModule(children.map(([, child]) => child))) return children.flatMap(([child, each]) => visit(each, within(child)))
  if (children ?? kindOf(layer)) return (children?.map(([, child]) => child) ?? [layer]).flatMap((each, l) => recurrentLayer(each, within, l))
  if (layer.type === 'dense') return [turned(within('weight'), own['weight']!), ...(own['bias'] ? [asIs(within('bias'), own['bias'])] : [])]
  if (layer.type === 'embedding') return [asIs(within('weight'), own['weight']!)]
  if (layer.type === 'layerNorm') return [asIs(within('weight'), own['scale']!), asIs(within('bias'), own['shift']!)]
  if (Object.keys(layer.params).length > 0) throw noCounterpart('PyTorch', layer)
  return []
}

/** The cell of a recurrent layer that PyTorch has, and its directions; '' for any other. */
const kindOf = (layer: Layer): string => {
  const types = directionsOf(layer).map(({ type }) => type)
  return types.every((type) => recurrent.has(type)) ? types.join() : ''
}

const isOneModule = ([first, ...rest]: readonly Layer[]): boolean => {
  const kind = kindOf(first!)
  return kind !== '' && rest.every((layer) => kindOf(layer) === kind && layer.out.size === first!.out.size)
}

const recurrentLayer = (layer: Layer, within: (name: string) => string, l: number): StoredParameter[] =>
  directionsOf(layer).flatMap((direction, d) => {
    expectBiases('PyTorch', direction, [0, 2])
    const { weight, recurrentWeight, bias, recurrentBias } = direction.params as Own
    const called = (name: string): string => within(`${name}_l${l}${d === 1 ? '_reverse' : ''}`)
    return [
      turned(called('weight_ih'), weight!),
      turned(called('weight_hh'), recurrentWeight!),
      ...(bias ? [asIs(called('bias_ih'), bias), asIs(called('bias_hh'), recurrentBias!)] : []),
    ]
  })
