import type { Blueprint, Layer, Variable } from '@recurra/layers'
import type { RecurrentOptions } from '@recurra/rnn'
import { ConfigurationError, sizeOf } from '@recurra/tensor'
import { sizesOf, unclear, type Hints, type MakeCell } from '../../import/module.ts'
import { gatesInOrder, type Own, type ParameterPart, type LayoutEntry } from '../../parameters/layout.ts'
import type { Counterpart } from '../../layers/layer-format.ts'

/** A cell in Keras. */
interface KerasCell {
  /** The positions of its gates among ours. */
  readonly gates: readonly number[]
  /** Whether it has two biases, as the rows of one tensor, because they are not simply summed. */
  readonly twoBiases?: boolean
  /** Whether a layer without a bias is indistinguishable from another kind. */
  readonly ambiguous?: boolean
  /** Makes the layer; undefined if these gates always mean another cell. */
  readonly make?: (hints: Hints) => unknown
}

/** The weights of a `SimpleRNN`, `LSTM` or `GRU`: kernels have the same layout as ours, gate by gate. */
export const kerasRecurrent = ({ gates, twoBiases = false, ambiguous = false, make }: KerasCell): Counterpart => ({
  store(layer, { path }) {
    const { weight, recurrentWeight, bias, recurrentBias, projectionWeight } = layer.params as Own
    if (projectionWeight)
      throw new ConfigurationError({
        where: layer.type,
        expected: 'a layer without projection, as Keras has it',
        got: 'one',
        fix: 'Save it under the names of PyTorch.',
      })
    const units = layer.out.size
    const stored = (name: string, param: Variable, plus?: Variable): LayoutEntry => ({
      name: path + name,
      shape: param.value.shape,
      parts: [{ ...inOrder(gates, units, param), ...(plus && { plus }) }],
    })
    const biases = bias && (twoBiases ? rows(`${path}bias`, layer, gates) : stored('bias', bias, recurrentBias))
    return [stored('kernel', weight!), stored('recurrent_kernel', recurrentWeight!), ...(biases ? [biases] : [])]
  },
  recognize(parts, hints) {
    const width = parts.get('kernel')?.shape[1] ?? 0
    const units = width / gates.length
    const sizes = sizesOf(parts, {
      kernel: ['takes', width],
      recurrent_kernel: [units, width],
      'bias?': twoBiases ? [2, width] : [width],
    })
    if (!sizes || !make) return undefined
    if (ambiguous && !parts.has('bias'))
      throw unclear(
        hints.where ?? '',
        'a GRU with biases, which tell whether the reset comes before or after the product',
        'one without',
      )
    const biases = parts.has('bias') ? (twoBiases ? 2 : 1) : 0
    const { recurrentActivation = 'sigmoid', relu } = hints
    const gated = gates.length > 1
    const given = {
      biases,
      ...(gated && recurrentActivation !== 'sigmoid' && { recurrentActivation }),
      ...(gated && relu && { activation: 'relu' }),
    }
    const made = (options = {}): Blueprint =>
      (make(hints) as MakeCell)(units, { ...options, ...given } as RecurrentOptions<never, never>) as Blueprint
    return { takes: sizes.takes, gives: units, gated, make: made }
  },
})

/** A tensor whose rows hold the gates in the order of Keras. */
const inOrder = (gates: readonly number[], units: number, param: Variable): ParameterPart =>
  ({ param, order: gatesInOrder(gates, units, sizeOf(param.value.shape)) })

/**
 * Two biases as the rows of one tensor. If ours has one bias, the second row is 0; when read, it is added to the first,
 * except in the last gate.
 */
const rows = (name: string, layer: Layer, gates: readonly number[]): LayoutEntry => {
  const { bias, recurrentBias } = layer.params as Own
  const units = layer.out.size
  const first = inOrder(gates, units, bias!)
  const last = (gates.length - 1) * units
  const second = recurrentBias
    ? [inOrder(gates, units, recurrentBias)]
    : [{ param: bias, order: first.order!.slice(0, last) }, { param: undefined, order: first.order!.slice(last) }]
  return { name, shape: [2, gates.length * units], parts: [first, ...second] }
}
