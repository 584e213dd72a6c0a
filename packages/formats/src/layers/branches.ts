import {
  branches, gated, residual, type Blueprint, type Branches, type Layer, type Merge, type Residual, type Sequential,
} from '@recurra/layers'
import { taking, type Counterpart, type LayerFormat, type LayerMaker, type Place, type Store } from './layer-format.ts'

/** Blueprints of layers inside a container. */
export const made = (inner: Parameters<LayerMaker>[1], layers: unknown): Blueprint[] => (layers as unknown[]).map(inner)

/** The tensors of layers in sequence, each under its own name. */
const within = ({ parts }: Sequential, { path, suffix }: Place, separator: string, inner: Store): ReturnType<Store> =>
  parts.flatMap(([name, layer]) => inner(layer, { path: `${path}${name}${separator}`, suffix }))

/** An `nn.Sequential` for each branch; a branch without a name is the module itself. */
export const stored = (separator: string, branchesOf: (layer: Layer) => Branches['parts']): Counterpart => ({
  store: (layer, { path, suffix }, inner) => branchesOf(layer).flatMap(([name, branch]) =>
    within(branch, { path: name === '' ? path : `${path}${name}${separator}`, suffix }, separator, inner)),
})

/** The layers of a container as its only branch. */
export const bodyOf = (layer: Layer): Branches['parts'] => [['', (layer as Residual).body]]
const partsOf = (layer: Layer): Branches['parts'] => (layer as Branches).parts

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

const operators = {
  sum: 'Sum', difference: 'Sub', product: 'Mul', mean: 'Mean', max: 'Max', min: 'Min',
} as const satisfies { readonly [merge in Exclude<Merge, 'concat'>]: string }

/** Merges two values in JavaScript; the mean is their sum until all are merged. */
const mergedInScript = {
  sum: (a, b) => `${a} + ${b}`,
  difference: (a, b) => `${a} - ${b}`,
  product: (a, b) => `${a} * ${b}`,
  mean: (a, b) => `${a} + ${b}`,
  max: (a, b) => `Math.max(${a}, ${b})`,
  min: (a, b) => `Math.min(${a}, ${b})`,
} as const satisfies { readonly [merge in Exclude<Merge, 'concat'>]: (a: string, b: string) => string }

const merging: Pick<LayerFormat, 'pytorch' | 'keras' | 'onnx' | 'script'> = {
  pytorch: /* @__PURE__ */ stored('.', partsOf),
  keras: /* @__PURE__ */ stored('/', partsOf),
  onnx(x, { graph, layer, path, sequence }) {
    const { merge, parts } = layer as Branches
    const all = parts.map(([name, branch]) => sequence(branch, x, `${path}.${name}.`))
    if (merge === 'concat') return graph.node('Concat', all, { axis: -1 })
    // Mul takes two.
    if (merge === 'product') return all.reduce((a, b) => graph.node('Mul', [a, b]))
    return graph.node(operators[merge], all)
  },
  script(to) {
    const { merge, parts } = to.layer as Branches
    to.state = '[]'
    to.memory.push(
      'const branches = [',
      ...parts.map(([name, branch]) => `  ${to.inSequence(branch, `${name}.`)},`),
      ']',
      'state.push(...branches.map((branch) => branch.state))',
    )
    to.output()
    to.step.push('const all = branches.map((branch) => branch.step(input))')
    if (merge === 'concat') {
      to.step.push('let end = 0', 'for (const one of all) for (let u = 0; u < one.length; u++) y[end++] = one[u]')
    } else {
      const merged = parts.map((_, i) => `all[${i}][u]`).reduce(mergedInScript[merge])
      to.step.push(
        `for (let u = 0; u < y.length; u++) y[u] = ${merge === 'mean' ? `(${merged}) * ${1 / parts.length}` : merged}`,
      )
    }
    to.step.push('return y')
  },
}

export const branchesFormat: LayerFormat = {
  make: /* @__PURE__ */ taking(['layers', 'merge'], ({ layers, ...options }, inner) =>
    branches((layers as unknown[]).map((branch) => made(inner, branch)), options)),
  ...merging,
}

export const gatedFormat: LayerFormat = {
  make: /* @__PURE__ */ taking(['value', 'gate'], ({ value, gate }, inner) =>
    gated(made(inner, value), made(inner, gate))),
  ...merging,
}
