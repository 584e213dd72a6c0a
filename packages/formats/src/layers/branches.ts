import {
  gated, residual, timeDistributed, type Blueprint, type Gated, type Layer, type Residual, type Sequential,
  type TimeDistributed,
} from '@recurra/layers'
import { taking, type Counterpart, type LayerFormat, type LayerMaker, type Place, type Store } from './layer-format.ts'

const made = (inner: Parameters<LayerMaker>[1], layers: unknown): Blueprint[] => (layers as unknown[]).map(inner)

/** The tensors of layers in sequence, each under its own name. */
const within = ({ parts }: Sequential, { path, suffix }: Place, separator: string, inner: Store): ReturnType<Store> =>
  parts.flatMap(([name, layer]) => inner(layer, { path: `${path}${name}${separator}`, suffix }))

/** An `nn.Sequential` for each branch; a branch without a name is the module itself. */
const stored = (
  separator: string, branches: (layer: Layer) => readonly (readonly [name: string, branch: Sequential])[],
): Counterpart => ({
  store: (layer, { path, suffix }, inner) => branches(layer).flatMap(([name, branch]) =>
    within(branch, { path: name === '' ? path : `${path}${name}${separator}`, suffix }, separator, inner)),
})

const bodyOf = (layer: Layer): [string, Sequential][] => [['', (layer as Residual | TimeDistributed).body]]
const bothOf = (layer: Layer): [string, Sequential][] => {
  const { value, gate } = layer as Gated
  return [['value', value], ['gate', gate]]
}

export const residualFormat: LayerFormat = {
  make: /* @__PURE__ */ taking(['layers'], ({ layers }, inner) => residual(made(inner, layers))),
  pytorch: /* @__PURE__ */ stored('.', bodyOf),
  keras: /* @__PURE__ */ stored('/', bodyOf),
  onnx: (x, { graph, layer, path, sequence }) =>
    graph.node('Add', [x, sequence((layer as Residual).body, x, `${path}.`)]),
  script(to) {
    to.state = '[]'
    to.memory.push(`const body = ${to.inSequence((to.layer as Residual).body)}`, 'state.push(...body.state)')
    to.output()
    to.step.push('const f = body.step(input)', 'for (let u = 0; u < y.length; u++) y[u] = input[u] + f[u]', 'return y')
  },
}

export const gatedFormat: LayerFormat = {
  make: /* @__PURE__ */ taking(['value', 'gate'], ({ value, gate }, inner) =>
    gated(made(inner, value), made(inner, gate))),
  pytorch: /* @__PURE__ */ stored('.', bothOf),
  keras: /* @__PURE__ */ stored('/', bothOf),
  onnx(x, { graph, layer, path, sequence }) {
    const { value, gate } = layer as Gated
    return graph.node('Mul', [sequence(value, x, `${path}.value.`), sequence(gate, x, `${path}.gate.`)])
  },
  script(to) {
    const { value, gate } = to.layer as Gated
    to.state = '[]'
    to.memory.push(
      `const value = ${to.inSequence(value, 'value.')}`,
      `const gate = ${to.inSequence(gate, 'gate.')}`,
      'state.push(value.state, gate.state)',
    )
    to.output()
    to.step.push(
      'const [v, g] = [value.step(input), gate.step(input)]',
      'for (let u = 0; u < y.length; u++) y[u] = v[u] * g[u]',
      'return y',
    )
  },
}

/** Its layers read whole sequences at every step, which neither a stream of ONNX nor a script has. */
export const timeDistributedFormat: LayerFormat = {
  make: /* @__PURE__ */ taking(['layers', 'features'], ({ layers, ...options }, inner) =>
    timeDistributed(made(inner, layers), options)),
  pytorch: /* @__PURE__ */ stored('.', bodyOf),
  keras: /* @__PURE__ */ stored('/', bodyOf),
}
