import { timeDistributed, type Sequential, type StatefulSteps, type TimeDistributed } from '@recurra/layers'
import type { Script } from '../javascript/script.ts'
import type { Translated, ValueName } from '../onnx/translation.ts'
import { bodyOf, made, stored } from './branches.ts'
import { taking, type LayerFormat } from './layer-format.ts'

/** The inner steps of each step, by number and size. */
interface Inner {
  readonly body: Sequential
  readonly steps: number
  readonly size: number
}

const innerOf = ({ in: { size }, body }: TimeDistributed | StatefulSteps): Inner =>
  ({ body, steps: size / body.in.size, size: body.in.size })

/** Whether the layers go on from one step to the next. */
const isStateful = (layer: Translated['layer']): boolean => (layer as TimeDistributed | StatefulSteps).stateful

/** Sizes as a shape: some known, some of those of a value. */
const shapeOf = (
  { graph }: Translated, x: ValueName, sizes: readonly (number | { readonly of: number })[],
): ValueName =>
  graph.node('Concat', sizes.map((size) => typeof size === 'number'
    ? graph.integers([1], [size])
    : graph.node('Shape', [x], { start: size.of, end: size.of + 1 })), { axis: 0 })

/** Each step is a sequence of a batch: [time, batch, steps · size] -> [steps, time · batch, size], and back. */
const restarting = (x: ValueName, to: Translated): ValueName => {
  const { graph, layer, path, sequence } = to
  const { body, steps, size } = innerOf(layer as TimeDistributed)
  const rows = graph.node('Reshape', [x, graph.integers([3], [-1, steps, size])])
  const inner = graph.node('Transpose', [rows], { perm: [1, 0, 2] })
  const y = sequence(body, inner, `${path}.`, { lengths: undefined, carried: false })
  const vectors = body.out.kind === 'vector'
    ? y : graph.node('Reshape', [graph.node('Transpose', [y], { perm: [1, 0, 2] }), graph.integers([2], [0, -1])])
  if (layer.in.kind === 'vector') return vectors
  return graph.node('Reshape', [vectors, shapeOf(to, x, [{ of: 0 }, { of: 1 }, layer.out.size])])
}

/** All inner steps are one sequence: [time, batch, steps · size] -> [time · steps, batch, size], and back. */
const goingOn = (x: ValueName, to: Translated): ValueName => {
  const { graph, layer, path, sequence, lengths } = to
  const { body, steps, size } = innerOf(layer as StatefulSteps)
  const apart = graph.node('Reshape', [x, graph.integers([4], [0, 0, steps, size])])
  const turned = graph.node('Transpose', [apart], { perm: [0, 2, 1, 3] })
  const inner = graph.node('Reshape', [turned, shapeOf(to, x, [-1, { of: 1 }, size])])
  const all = lengths && graph.node('Cast', [
    graph.node('Mul', [graph.node('Cast', [lengths], { to: 7 }), graph.integers([], [steps])]),
  ], { to: 6 })
  const y = sequence(body, inner, `${path}.`, { lengths: all })
  const groups = graph.node('Reshape', [y, shapeOf(to, x, [-1, steps, { of: 1 }, body.out.size])])
  const beside = graph.node('Transpose', [groups], { perm: [0, 2, 1, 3] })
  return graph.node('Reshape', [beside, graph.integers([3], [0, 0, -1])])
}

/** What JavaScript does with what the layers give for inner step j. */
const gatherings = {
  each: 'y.set(given, j * given.length)',
  last: 'y.set(given)',
  mean: 'for (let u = 0; u < y.length; u++) y[u] += given[u]',
} as const

const script = (to: Script): void => {
  const { body, steps, size } = innerOf(to.layer as TimeDistributed)
  const isMean = body.layers.at(-1)?.type === 'meanPool'
  const { layers, names, blueprints } = body
  const inner = isMean
    ? { layers: layers.slice(0, -1), names: names.slice(0, -1), blueprints: blueprints.slice(0, -1) } : body
  const gathering = isMean ? 'mean' : body.out.kind === 'vector' ? 'last' : 'each'
  to.state = '[]'
  to.memory.push(`const body = ${to.inSequence(inner as Sequential)}`)
  if (isStateful(to.layer)) to.memory.push('state.push(...body.state)')
  else to.step.push('clear(body.state)')
  to.output()
  to.step.push(
    ...(isMean ? ['y.fill(0)'] : []),
    `for (let j = 0; j < ${steps}; j++) {`,
    `  const given = body.step(input.slice(j * ${size}, (j + 1) * ${size}))`,
    `  ${gatherings[gathering]}`,
    '}',
    ...(isMean ? [`for (let u = 0; u < y.length; u++) y[u] /= ${steps}`] : []),
    'return y',
  )
}

export const timeDistributedFormat: LayerFormat = {
  make: /* @__PURE__ */ taking(['layers', 'features', 'outputSteps', 'stateful'], ({ layers, ...options }, inner) =>
    timeDistributed(made(inner, layers), options)),
  pytorch: /* @__PURE__ */ stored('.', bodyOf),
  keras: /* @__PURE__ */ stored('/', bodyOf),
  onnx: (x, to) => (isStateful(to.layer) ? goingOn(x, to) : restarting(x, to)),
  script,
}
