import { input, meanOverColumns, outputsOf, sqrt, square } from '@recurra/formula'
import { layerNorm, type Blueprint } from '@recurra/layers'
import { loops } from '../javascript/loops.ts'
import type { LayerScript } from '../javascript/script.ts'
import { meaning, sizesOf } from '../import/module.ts'
import { parameter, type Translation } from '../onnx/translation.ts'
import { asIs, type Own } from '../parameters/layout.ts'
import type { Counterpart, LayerMaker } from './layer-format.ts'

export const make: LayerMaker = (options) => layerNorm(options) as Blueprint

const epsilonIs = (value: string, framework: string): string => `its epsilon is taken for ${value}, the default of ${framework}, as no tensor tells`

/** `nn.LayerNorm`, with its default epsilon: no tensor tells it. */
export const pytorch: Counterpart = {
  store({ params }, { path }) {
    const { scale, shift } = params as Own
    return [asIs(`${path}weight`, scale!), asIs(`${path}bias`, shift!)]
  },
  recognize(parts) {
    const sizes = sizesOf(parts, { weight: ['gives'], bias: ['gives'] })
    return sizes && { ...meaning({ ...sizes, takes: sizes.gives }, () => layerNorm()), assumed: epsilonIs('1e-5', 'PyTorch') }
  },
}

/** `LayerNormalization`, with its default epsilon: no tensor tells it. */
export const keras: Counterpart = {
  store({ params }, { path }) {
    const { scale, shift } = params as Own
    return [asIs(`${path}gamma`, scale!), asIs(`${path}beta`, shift!)]
  },
  recognize(parts) {
    const sizes = sizesOf(parts, { gamma: ['gives'], beta: ['gives'] })
    return sizes && { ...meaning({ ...sizes, takes: sizes.gives }, () => layerNorm({ epsilon: 1e-3 })), assumed: epsilonIs('1e-3', 'Keras') }
  },
}

export const onnx: Translation = (x, to) =>
  to.graph.node('LayerNormalization', [x, parameter(to, 'scale')!, parameter(to, 'shift')!], {
    axis: -1,
    epsilon: { float: Number(to.blueprint.options?.['epsilon'] ?? 1e-5) },
  })

export const script: LayerScript = (to, { options }) => {
  const [x, scale, shift] = [input('input'), input('scale', 'unit'), input('shift', 'unit')]
  const centred = x.sub(meanOverColumns(x))
  const normal = centred.div(sqrt(meanOverColumns(square(centred)).add(Number(options?.['epsilon']))))
  to.output()
  to.memory.push(`const scale = ${to.parameter('scale')}`, `const shift = ${to.parameter('shift')}`)
  to.step.push(...loops(outputsOf({ y: normal.mul(scale).add(shift) }), to.units), 'return y')
}
