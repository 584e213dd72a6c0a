import { input, meanOverColumns, outputsOf, sqrt, square } from '@recurra/formula'
import { layerNorm, type Blueprint } from '@recurra/layers'
import { recognized } from '../import/module.ts'
import { loops } from '../javascript/loops.ts'
import { parameter } from '../onnx/translation.ts'
import { asIs, type Own } from '../parameters/layout.ts'
import type { Counterpart, LayerFormat } from './layer-format.ts'

/** A framework's names for scale and shift, and its default for epsilon, which the tensors do not reveal. */
const counterpart = (scale: string, shift: string, epsilon: number, defaultOf: string, rms = ''): Counterpart => ({
  store: ({ params }, { path }) =>
    Object.entries(params as Own).map(([name, param]) => asIs(path + (name === 'scale' ? scale : shift), param)),
  recognize(parts) {
    const bias = parts.has(shift)
    const found = recognized(parts, { [scale]: ['takes'], [`${shift}?`]: ['takes'] }, () =>
      layerNorm({ epsilon, bias }))
    const value = `${epsilon.toExponential()}, the default of ${defaultOf}`
    return found && { ...found, assumed: `its epsilon is taken for ${value}, as no tensor tells${bias ? '' : rms}` }
  },
})

export const layerNormFormat: LayerFormat = {
  make: (options) => layerNorm(options) as Blueprint,
  /** `nn.LayerNorm`. */
  pytorch: /* @__PURE__ */ counterpart(
    'weight', 'bias', 1e-5, 'PyTorch',
    ', and it for a LayerNorm with bias=False, not an RMSNorm, whose only tensor is a weight, too',
  ),
  /** `LayerNormalization`. */
  keras: /* @__PURE__ */ counterpart('gamma', 'beta', 1e-3, 'Keras'),
  /** The operator requires a scale. */
  onnx(x, to) {
    const { graph, layer: { in: { size } }, path } = to
    const scale = parameter(to, 'scale') ?? graph.floats(`${path}.scale`, [size], new Float32Array(size).fill(1))
    const shift = parameter(to, 'shift')
    return graph.node('LayerNormalization', shift === undefined ? [x, scale] : [x, scale, shift], {
      axis: -1,
      epsilon: { float: Number(to.blueprint.options?.['epsilon'] ?? 1e-5) },
    })
  },
  script(to, { options }) {
    const x = input('input')
    const { scale, shift } = to.layer.params as Own
    const centred = x.sub(meanOverColumns(x))
    const normal = centred.div(sqrt(meanOverColumns(square(centred)).add(Number(options?.['epsilon']))))
    to.output()
    for (const name of Object.keys(to.layer.params)) to.memory.push(`const ${name} = ${to.parameter(name)}`)
    const scaled = scale ? normal.mul(input('scale', 'column')) : normal
    const y = shift ? scaled.add(input('shift', 'column')) : scaled
    to.step.push(...loops(outputsOf({ y }), to.units), 'return y')
  },
}
