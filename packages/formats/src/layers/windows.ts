import { paddingOf, reachOf, type Windows } from '@recurra/layers/authoring'
import { ConfigurationError } from '@recurra/tensor'
import { withoutPadding, type Translated, type ValueName } from '../onnx/translation.ts'
import type { Attributes } from '../onnx/graph.ts'

/**
 * What a layer over windows is in ONNX: an operator over [batch, features, time]. `value` stands behind the end of a
 * sequence.
 */
export const windowOperator = (
  x: ValueName, to: Translated, windows: Windows, value: number,
  operator: (x: ValueName, attributes: Attributes) => ValueName,
): ValueName => {
  const { graph, lengths } = to
  const [kept, pads] = withPast(withoutPadding(x, graph, lengths, value), to, windows)
  const features = graph.node('Transpose', [kept], { perm: [1, 2, 0] })
  const { kernel, stride, dilation } = windows
  const y = operator(features, {
    kernel_shape: [kernel], strides: [stride], ...(dilation > 1 && { dilations: [dilation] }), ...pads,
  })
  return graph.node('Transpose', [y], { perm: [2, 0, 1] })
}

/** The input with its last inputs before it, where states are carried, and the padding that is left. */
const withPast = (x: ValueName, to: Translated, windows: Windows): readonly [x: ValueName, pads: Attributes] => {
  const { graph, layer, path, carried, lengths } = to
  const { stride, dilation, padding } = windows
  const reach = reachOf(windows)
  const refused = (expected: string, got: string, fix: string): ConfigurationError =>
    new ConfigurationError({ where: 'exportOnnx', expected, got: `${layer.type} (layer ${path}) with ${got}`, fix })
  if (padding === 'same' && stride > 1) {
    // The padding depends on the number of steps.
    if (lengths || dilation > 1)
      throw refused(
        "padding 'same' and a stride without lengths or dilation", lengths ? 'lengths' : 'dilation',
        "Use padding: 'causal', or a number.",
      )
    return [x, { auto_pad: 'SAME_UPPER' }]
  }
  if (!carried || !layer.causal || reach === 0) return [x, { pads: paddingOf(windows, reach + 1) }]
  if (layer.stride || lengths)
    throw refused(
      'states without lengths, of layers with an output at every step', layer.stride ? 'a stride' : 'lengths',
      'Leave out { states: true }, or { lengths: true }.',
    )
  const size = layer.in.size
  const before = graph.input(`${path}.x`, 'float', ['batch', reach, size], 'The inputs before the first step.')
  const all = graph.node('Concat', [graph.node('Transpose', [before], { perm: [1, 0, 2] }), x], { axis: 0 })
  const [from, to_, axis] = [-reach, Number.MAX_SAFE_INTEGER, 0].map((n) => graph.integers([1], [n]))
  const last = graph.node('Transpose', [graph.node('Slice', [all, from!, to_!, axis!])], { perm: [1, 0, 2] })
  graph.output(`${path}.x.next`, last, ['batch', reach, size], 'The last inputs.')
  return [all, {}]
}

/** How many outputs sequences of these lengths have: [batch]. */
export const windowLengths = (lengths: ValueName, { graph }: Translated, windows: Windows): ValueName => {
  const { stride } = windows
  const [before, after] = paddingOf(windows, reachOf(windows) + 1)
  if (stride === 1 && before + after === reachOf(windows)) return lengths
  const whole = graph.node('Cast', [lengths], { to: 7 })
  const shifted = graph.node('Add', [whole, graph.integers([1], [before + after - reachOf(windows) - 1 + stride])])
  const least = graph.node('Max', [shifted, graph.integers([1], [0])])
  return graph.node('Cast', [graph.node('Div', [least, graph.integers([1], [stride])])], { to: 6 })
}
