import { input, meanOverColumns, outputsOf, sqrt, square } from '@recurra/formula'
import { layerNorm, type Blueprint } from '@recurra/layers'
import { loops } from '../javascript/loops.ts'
import type { LayerScript } from '../javascript/script.ts'
import { meaning, sizesOf } from '../import/module.ts'
import { parameter, type Translation } from '../onnx/translation.ts'
import { asIs, type Own } from '../parameters/layout.ts'
import type { Counterpart, LayerFormat, LayerMaker } from './layer-format.ts'

const make: LayerMaker = (options) => layerNorm(options) as Blueprint

const epsilonIs = (value: string, framework: string): string =>
  `its epsilon is taken for ${value}, the default of ${framework}, as no tensor tells`

const withoutBias = ', and it for a LayerNorm with bias=False, not an RMSNorm, whose only tensor is a weight, too'

/** `nn.LayerNorm`, with its default epsilon: no tensor tells it. */
const pytorch: Counterpart = {
  store({ params }, { path }) {
    const { scale, shift } = params as Own
    return [...(scale ? [asIs(`${path}weight`, scale)] : []), ...(shift ? [asIs(`${path}bias`, shift)] : [])]
  },
  recognize(parts) {
    const sizes = sizesOf(parts, { weight: ['gives'], 'bias?': ['gives'] })
    const bias = parts.has('bias')
    return (
      sizes && {
        ...meaning({ ...sizes, takes: sizes.gives }, () => layerNorm({ bias })),
        assumed: epsilonIs('1e-5', 'PyTorch') + (bias ? '' : withoutBias),
      }
    )
  },
}

/** `LayerNormalization`, with its default epsilon: no tensor tells it. */
const keras: Counterpart = {
  store({ params }, { path }) {
    const { scale, shift } = params as Own
    return [...(scale ? [asIs(`${path}gamma`, scale)] : []), ...(shift ? [asIs(`${path}beta`, shift)] : [])]
  },
  recognize(parts) {
    const sizes = sizesOf(parts, { gamma: ['gives'], 'beta?': ['gives'] })
    return (
      sizes && {
        ...meaning({ ...sizes, takes: sizes.gives }, () => layerNorm({ epsilon: 1e-3, bias: parts.has('beta') })),
        assumed: epsilonIs('1e-3', 'Keras'),
      }
    )
  },
}

/** The operator has to have a scale. */
const onnx: Translation = (x, to) => {
  const { graph, layer: { in: { size } }, path } = to
  const scale = parameter(to, 'scale') ?? graph.floats(`${path}.scale`, [size], new Float32Array(size).fill(1))
  const shift = parameter(to, 'shift')
  return graph.node('LayerNormalization', shift === undefined ? [x, scale] : [x, scale, shift], {
    axis: -1,
    epsilon: { float: Number(to.blueprint.options?.['epsilon'] ?? 1e-5) },
  })
}

const script: LayerScript = (to, { options }) => {
  const x = input('input')
  const { scale, shift } = to.layer.params as Own
  const centred = x.sub(meanOverColumns(x))
  const normal = centred.div(sqrt(meanOverColumns(square(centred)).add(Number(options?.['epsilon']))))
  to.output()
  for (const name of Object.keys(to.layer.params)) to.memory.push(`const ${name} = ${to.parameter(name)}`)
  const scaled = scale ? normal.mul(input('scale', 'column')) : normal
  to.step.push(...loops(outputsOf({ y: shift ? scaled.add(input('shift', 'column')) : scaled }), to.units), 'return y')
}

export const layerNormFormat: LayerFormat = { make, pytorch, keras, onnx, script }
