import { convolution, type Convolution, type Layer } from '@recurra/layers'
import type { NamedTensor } from '@recurra/tensor'
import { recognized, type Meaning } from '../import/module.ts'
import { windowsScript } from '../javascript/windows-script.ts'
import { parameter } from '../onnx/translation.ts'
import { expectFloatKernel, kernelConstant, kernelTensors, type KernelAxis, type KernelSizes } from './kernel-weight.ts'
import { sizedAs, type Counterpart, type LayerFormat } from './layer-format.ts'
import { windowLengths, windowOperator } from './windows.ts'

const sizesOf = (layer: Layer): KernelSizes => {
  const { windows: { kernel }, groups, in: { size }, out } = layer as Convolution
  return { kernel, features: size / groups, filters: out.size }
}

const counterpart = (name: string, axes: readonly KernelAxis[], defaults: string): Counterpart => ({
  store: (layer, { path }) => kernelTensors(layer, path, sizesOf(layer), name, axes),
  recognize(parts): Meaning | undefined {
    const [bias, kernel] = [parts.has('bias'), sizeAt(parts.get(name), axes.indexOf('kernel'))]
    const pattern = { [name]: axes.map((axis) => meanings[axis]), 'bias?': ['gives'] }
    const found = recognized(parts, pattern, ({ gives }) =>
      convolution(gives, { kernel: kernel!, ...(!bias && { bias }) }))
    return found && {
      ...found, assumed: `its stride, dilation, padding and groups are taken for the defaults of ${defaults}`,
    }
  },
})

const meanings = { kernel: 'kernel', features: 'takes', filters: 'gives' } as const

const sizeAt = (tensor: NamedTensor | undefined, axis: number): number | undefined => tensor?.shape[axis]

export const convolutionFormat: LayerFormat = {
  make: /* @__PURE__ */ sizedAs('filters', convolution),
  /** `nn.Conv1d`. */
  pytorch: /* @__PURE__ */ counterpart('weight', ['filters', 'features', 'kernel'], 'PyTorch'),
  /** `Conv1D`. */
  keras: /* @__PURE__ */ counterpart('kernel', ['kernel', 'features', 'filters'], 'Keras'),
  onnx(x, to) {
    const { graph, layer } = to
    const { windows, groups: group } = layer as Convolution
    const weight = kernelConstant(to, sizesOf(layer), ['filters', 'features', 'kernel'])
    const bias = parameter(to, 'bias')
    return windowOperator(x, to, windows, 0, (input, attributes) =>
      graph.node('Conv', [input, weight, ...(bias ? [bias] : [])], { ...attributes, group }))
  },
  onnxLengths: (lengths, to) => windowLengths(lengths, to, (to.layer as Convolution).windows),
  script(to) {
    const { windows, in: { size } } = to.layer as Convolution
    expectFloatKernel(to.layer)
    const { kernel, features, filters } = sizesOf(to.layer)
    to.memory.push(`const [weight, bias] = [${to.parameter('weight')}, ${to.parameter('bias')}]`)
    windowsScript(to, windows, [
      `for (let j = 0; j < ${filters}; j++) {`,
      `  const from = Math.floor(j / ${filters / (size / features)}) * ${features}`,
      '  let sum = bias ? bias[j] : 0',
      `  for (let k = 0; k < ${kernel}; k++)`,
      `    for (let i = 0; i < ${features}; i++)`,
      `      sum += window[k * ${windows.dilation * size} + from + i] * weight[(k * ${features} + i) * ${filters} + j]`,
      '  y[j] = sum',
      '}',
    ])
  },
}
