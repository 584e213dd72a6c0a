import { transposedConvolution, type Layer, type TransposedConvolution } from '@recurra/layers'
import { cropOf } from '@recurra/layers/authoring'
import { ConfigurationError } from '@recurra/tensor'
import { parameter, withoutPadding, type Translated } from '../onnx/translation.ts'
import { expectFloatKernel, kernelConstant, kernelTensors, type KernelAxis, type KernelSizes } from './kernel-weight.ts'
import { sizedAs, type Counterpart, type LayerFormat } from './layer-format.ts'

const sizesOf = (layer: Layer): KernelSizes => {
  const { windows: { kernel }, in: { size }, out } = layer as TransposedConvolution
  return { kernel, features: size, filters: out.size }
}

const counterpart = (name: string, axes: readonly KernelAxis[]): Counterpart => ({
  store: (layer, { path }) => kernelTensors(layer, path, sizesOf(layer), name, axes),
})

const torchAxes = ['features', 'filters', 'kernel'] as const

export const transposedConvolutionFormat: LayerFormat = {
  make: /* @__PURE__ */ sizedAs('filters', transposedConvolution),
  /** `nn.ConvTranspose1d`. */
  pytorch: /* @__PURE__ */ counterpart('weight', torchAxes),
  /** `Conv1DTranspose`. */
  keras: /* @__PURE__ */ counterpart('kernel', ['kernel', 'filters', 'features']),
  onnx(x, to) {
    const { graph, layer, path, lengths, carried } = to
    const { windows, causal } = layer as TransposedConvolution
    const { kernel, stride } = windows
    if (carried && causal && kernel > stride)
      throw new ConfigurationError({
        where: 'exportOnnx', expected: 'states of layers with one output at every step',
        got: `transposedConvolution (layer ${path})`, fix: 'Leave out { states: true }.',
      })
    const weight = kernelConstant(to, sizesOf(layer), torchAxes)
    const bias = parameter(to, 'bias')
    const features = graph.node('Transpose', [withoutPadding(x, graph, lengths)], { perm: [1, 2, 0] })
    const y = graph.node('ConvTranspose', [features, weight, ...(bias ? [bias] : [])], {
      kernel_shape: [kernel], strides: [stride], pads: [...cropOf(windows)],
    })
    return graph.node('Transpose', [y], { perm: [2, 0, 1] })
  },
  onnxLengths(lengths, to) {
    const { kernel, stride, ...others } = (to.layer as TransposedConvolution).windows
    const [before, after] = cropOf({ kernel, stride, ...others })
    return scaledLengths(lengths, to, stride, kernel - stride - before - after)
  },
  /** The state has the inputs before this one that its outputs depend on. */
  script(to) {
    const { kernel, features, filters } = sizesOf(to.layer)
    const { stride } = (to.layer as TransposedConvolution).windows
    const past = (Math.ceil(kernel / stride) - 1) * features
    expectFloatKernel(to.layer)
    to.state = `{ x: zeros(${past}) }`
    to.memory.push(
      `const [weight, bias] = [${to.parameter('weight')}, ${to.parameter('bias')}]`,
      `const window = zeros(${past + features})`,
      `const y = Array.from({ length: ${stride} }, () => zeros(${filters}))`,
    )
    to.step.push(
      'window.set(state.x)',
      `window.set(input, ${past})`,
      `state.x.set(window.subarray(${features}))`,
      'y.forEach((out, first) => {',
      `  for (let j = 0; j < ${filters}; j++) {`,
      '    out[j] = bias ? bias[j] : 0',
      `    for (let k = first, from = ${past}; k < ${kernel}; k += ${stride}, from -= ${features})`,
      `      for (let i = 0; i < ${features}; i++)`,
      `        out[j] += window[from + i] * weight[(k * ${features} + i) * ${filters} + j]`,
      '  }',
      '})',
      stride > 1 ? 'return y' : 'return y[0]',
    )
  },
}

/** lengths · factor + more, at least 0: [batch]. */
export const scaledLengths = (lengths: string, { graph }: Translated, factor: number, more = 0): string => {
  const whole = graph.node('Cast', [lengths], { to: 7 })
  const all = graph.node('Add', [
    graph.node('Mul', [whole, graph.integers([1], [factor])]), graph.integers([1], [more]),
  ])
  return graph.node('Cast', [graph.node('Max', [all, graph.integers([1], [0])])], { to: 6 })
}
