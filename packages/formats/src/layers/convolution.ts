import { int8Of, integersOf } from '@recurra/backend'
import { convolution, type Convolution, type Layer } from '@recurra/layers'
import { reachOf } from '@recurra/layers/authoring'
import { ConfigurationError, type NamedTensor } from '@recurra/tensor'
import { recognized, type Meaning } from '../import/module.ts'
import { parameter, scaled } from '../onnx/translation.ts'
import { scaleOf } from '../parameters/int8-parameters.ts'
import { asIs, type LayoutEntry, type Own } from '../parameters/layout.ts'
import { sizedAs, type Counterpart, type LayerFormat } from './layer-format.ts'
import { windowLengths, windowOperator } from './windows.ts'

/** Our weight is [kernel · features, filters], with the features of one group. */
interface Sizes { readonly kernel: number; readonly features: number; readonly filters: number }

const sizesOf = (layer: Layer): Sizes => {
  const { windows: { kernel }, groups, in: { size }, out } = layer as Convolution
  return { kernel, features: size / groups, filters: out.size }
}

/** The weight as [filters, features, kernel]. */
const byFilter = ({ kernel, features, filters }: Sizes): Int32Array =>
  Int32Array.from({ length: kernel * features * filters }, (_, i) => {
    const [filter, rest] = [Math.floor(i / (features * kernel)), i % (features * kernel)]
    return ((rest % kernel) * features + Math.floor(rest / kernel)) * filters + filter
  })

const counterpart = (
  name: string, weightOf: (path: string, layer: Layer) => LayoutEntry, axes: readonly string[], defaults: string,
): Counterpart => ({
  store(layer, { path }) {
    const { bias } = layer.params as Own
    return [weightOf(path + name, layer), ...(bias ? [asIs(`${path}bias`, bias)] : [])]
  },
  recognize(parts): Meaning | undefined {
    const [bias, kernel] = [parts.has('bias'), sizeAt(parts.get(name), axes.indexOf('kernel'))]
    const found = recognized(parts, { [name]: axes, 'bias?': ['gives'] }, ({ gives }) =>
      convolution(gives, { kernel: kernel!, ...(!bias && { bias }) }))
    return found && {
      ...found, assumed: `its stride, dilation, padding and groups are taken for the defaults of ${defaults}`,
    }
  },
})

const sizeAt = (tensor: NamedTensor | undefined, axis: number): number | undefined => tensor?.shape[axis]

export const convolutionFormat: LayerFormat = {
  make: /* @__PURE__ */ sizedAs('filters', convolution),
  /** `nn.Conv1d`. */
  pytorch: /* @__PURE__ */ counterpart('weight', (name, layer) => {
    const sizes = sizesOf(layer)
    const { kernel, features, filters } = sizes
    const param = (layer.params as Own)['weight']!
    return { name, shape: [filters, features, kernel], parts: [{ param, order: byFilter(sizes) }] }
  }, ['gives', 'takes', 'kernel'], 'PyTorch'),
  /** `Conv1D`. */
  keras: /* @__PURE__ */ counterpart('kernel', (name, layer) => {
    const { kernel, features, filters } = sizesOf(layer)
    return { name, shape: [kernel, features, filters], parts: [{ param: (layer.params as Own)['weight']! }] }
  }, ['kernel', 'takes', 'gives'], 'Keras'),
  onnx(x, to) {
    const { graph, layer, path } = to
    const { windows, groups: group } = layer as Convolution
    const sizes = sizesOf(layer)
    const { kernel, features, filters } = sizes
    const { value } = (layer.params as Own)['weight']!
    const int8 = int8Of(value)
    const values = int8 ? integersOf(int8) : layer.backend.read(value)
    const turned = Float32Array.from(byFilter(sizes), (from) => values[from]!)
    const [at, shape] = [`${path}.weight`, [filters, features, kernel]]
    const weight = int8
      ? scaled(graph, graph.int8(at, shape, turned), graph.floats(scaleOf(at), [filters, 1, 1], int8.scales))
      : graph.floats(at, shape, turned)
    const bias = parameter(to, 'bias')
    return windowOperator(x, to, windows, 0, (input, attributes) =>
      graph.node('Conv', [input, weight, ...(bias ? [bias] : [])], { ...attributes, group }))
  },
  onnxLengths: (lengths, to) => windowLengths(lengths, to, (to.layer as Convolution).windows),
  /** The window holds the last inputs and this one, step by step. */
  script(to) {
    const { windows, in: { size }, params } = to.layer as Convolution
    if (int8Of((params as Own)['weight']!.value))
      throw new ConfigurationError({
        where: 'exportJavascript',
        expected: 'convolutions in float32',
        got: 'a quantized one',
        fix: "Keep it: quantize(model, { keep: ['0'] }) with the path of the layer.",
      })
    const [{ kernel, features, filters }, past] = [sizesOf(to.layer), reachOf(windows) * size]
    const share = filters / (size / features)
    to.state = `{ x: zeros(${past}) }`
    to.output()
    to.memory.push(
      `const [weight, bias] = [${to.parameter('weight')}, ${to.parameter('bias')}]`,
      `const window = zeros(${past + size})`,
    )
    to.step.push(
      'window.set(state.x)',
      `window.set(input, ${past})`,
      `for (let j = 0; j < ${filters}; j++) {`,
      `  const from = Math.floor(j / ${share}) * ${features}`,
      '  let sum = bias ? bias[j] : 0',
      `  for (let k = 0; k < ${kernel}; k++)`,
      `    for (let i = 0; i < ${features}; i++)`,
      `      sum += window[k * ${windows.dilation * size} + from + i] * weight[(k * ${features} + i) * ${filters} + j]`,
      '  y[j] = sum',
      '}',
      `state.x.set(window.subarray(${size}))`,
      'return y',
    )
  },
}
