import { averagePool, globalMaxPool, maxPool, type Blueprint, type Layer, type Pool } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import type { LayerScript } from '../javascript/script.ts'
import { windowsScript } from '../javascript/windows-script.ts'
import { withoutPadding } from '../onnx/translation.ts'
import { taking, type LayerFormat } from './layer-format.ts'
import { windowLengths, windowOperator } from './windows.ts'

const windowsOf = (layer: Layer): Pool['windows'] => (layer as Pool).windows

/** A pool that streams has no padding in its windows. `join` joins `all` and the next value. */
const pooling = (join: string, result: string): LayerScript => (to) => {
  const [windows, { size }] = [windowsOf(to.layer), to.layer.in]
  windowsScript(to, windows, [
    `for (let i = 0; i < ${size}; i++) {`,
    '  let all = window[i]',
    `  for (let k = 1; k < ${windows.kernel}; k++) {`,
    `    const value = window[k * ${size} + i]`,
    `    all = ${join}`,
    '  }',
    `  y[i] = ${result.replace('kernel', String(windows.kernel))}`,
    '}',
  ])
}

export const maxPoolFormat: LayerFormat = {
  make: (options) => maxPool(options as never) as Blueprint,
  onnx: (x, to) => windowOperator(x, to, windowsOf(to.layer), -Infinity, (input, attributes) =>
    to.graph.node('MaxPool', [input], attributes)),
  onnxLengths: (lengths, to) => windowLengths(lengths, to, windowsOf(to.layer)),
  script: /* @__PURE__ */ pooling('Math.max(all, value)', 'all'),
}

export const globalMaxPoolFormat: LayerFormat = {
  make: /* @__PURE__ */ taking([], () => globalMaxPool()),
  onnx: (x, { graph, lengths }) =>
    graph.node('ReduceMax', [withoutPadding(x, graph, lengths, -Infinity)], { axes: [0], keepdims: 0 }),
}

export const averagePoolFormat: LayerFormat = {
  make: (options) => averagePool(options as never) as Blueprint,
  onnx(x, to) {
    const { lengths, layer, path, blueprint: { options = {} } } = to
    const { padding } = windowsOf(layer)
    const included = options['countIncludePad'] === true
    if (lengths && padding !== 'valid' && !included)
      throw new ConfigurationError({
        where: 'exportOnnx',
        expected: 'an averagePool without padding, where there are lengths',
        got: `padding ${padding} (layer ${path})`,
        fix: 'ONNX would count the steps behind the end: leave out { lengths: true }.',
      })
    return windowOperator(x, to, windowsOf(layer), 0, (input, attributes) =>
      to.graph.node('AveragePool', [input], { ...attributes, count_include_pad: Number(included) }))
  },
  onnxLengths: (lengths, to) => windowLengths(lengths, to, windowsOf(to.layer)),
  script: /* @__PURE__ */ pooling('all + value', 'all / kernel'),
}
