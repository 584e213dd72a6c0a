import { input, meanOverColumns, outputsOf, sqrt, square } from '@recurra/formula'
import type { Activation, Blueprint } from '@recurra/layers'
import { loops } from './loops.ts'
import type { Script } from './script.ts'

/** Writes what a layer does with its `input` at one step, as far as `return`. */
export type LayerScript = (script: Script, blueprint: Blueprint) => void

/** Memory for what a layer gives. */
const output = ({ memory, units }: Script): void => void memory.push(`const y = zeros(${units})`)

const dense: LayerScript = (script) => {
  output(script)
  script.step.push(`multiply(y, input, ${script.parameter('weight')}, ${script.parameter('bias')})`, 'return y')
}

const embedding: LayerScript = (script) => {
  const { step, units } = script
  step.push(`return ${script.parameter('weight')}.subarray(${units} * input, ${units} * (input + 1))`)
}

const oneHot: LayerScript = (script) => {
  output(script)
  script.step.push('y.fill(0)', 'y[input] = 1', 'return y')
}

const activation: LayerScript = (script) => {
  output(script)
  script.step.push(...loops(outputsOf({ y: (script.layer as Activation).f(input('input')) }), script.units), 'return y')
}

const layerNorm: LayerScript = (script, { options }) => {
  const [x, scale, shift] = [input('input'), input('scale', 'unit'), input('shift', 'unit')]
  const centred = x.sub(meanOverColumns(x))
  const normal = centred.div(sqrt(meanOverColumns(square(centred)).add(Number(options?.['epsilon']))))
  output(script)
  script.memory.push(`const scale = ${script.parameter('scale')}`, `const shift = ${script.parameter('shift')}`)
  script.step.push(...loops(outputsOf({ y: normal.mul(scale).add(shift) }), script.units), 'return y')
}

/** At inference nothing is dropped; and the last step is the one that is there. */
const same: LayerScript = ({ step }) => void step.push('return input')

/** How layers that are not recurrent are written, by type. */
export const layerScripts: { readonly [type: string]: LayerScript } = { dense, embedding, oneHot, activation, layerNorm, dropout: same, last: same }
