import { input, outputsOf, sqrt } from '@recurra/formula'
import { batchNorm, type Blueprint } from '@recurra/layers'
import { recognized } from '../import/module.ts'
import { loops } from '../javascript/loops.ts'
import { parameter } from '../onnx/translation.ts'
import { asIs, type Own } from '../parameters/layout.ts'
import type { Counterpart, LayerFormat } from './layer-format.ts'

type Names = { readonly [name in 'scale' | 'shift' | 'runningMean' | 'runningVariance']: string }

/** A framework's names, and its default for epsilon, which the tensors do not reveal. */
const counterpart = (names: Names, epsilon: number, defaultOf: string): Counterpart => ({
  store: ({ params }, { path }) =>
    Object.entries(params as Own).map(([name, param]) => asIs(path + names[name as keyof Names], param)),
  recognize(parts) {
    const affine = parts.has(names.scale)
    const pattern = Object.fromEntries(Object.entries(names).map(([name, part]) =>
      [name.startsWith('running') || affine ? part : `${part}?`, ['takes']] as const))
    const found = recognized(parts, pattern, () => batchNorm({ epsilon, ...(!affine && { affine }) }))
    return found && {
      ...found, assumed: `its epsilon is taken for ${epsilon.toExponential()}, the default of ${defaultOf}, as no ` +
        'tensor tells',
    }
  },
})

export const batchNormFormat: LayerFormat = {
  make: (options) => batchNorm(options) as Blueprint,
  /** `nn.BatchNorm1d`. Its counter of batches has no place here. */
  pytorch: /* @__PURE__ */ counterpart(
    { scale: 'weight', shift: 'bias', runningMean: 'running_mean', runningVariance: 'running_var' }, 1e-5, 'PyTorch',
  ),
  /** `BatchNormalization`. */
  keras: /* @__PURE__ */ counterpart(
    { scale: 'gamma', shift: 'beta', runningMean: 'moving_mean', runningVariance: 'moving_variance' }, 1e-3, 'Keras',
  ),
  /** The operator normalizes the second axis, so a sequence becomes rows first. */
  onnx(x, to) {
    const { graph, layer: { in: { size, kind } }, path, blueprint } = to
    const constant = (name: string, value: number): string =>
      parameter(to, name) ?? graph.floats(`${path}.${name}`, [size], new Float32Array(size).fill(value))
    const inputs = [
      constant('scale', 1), constant('shift', 0), constant('runningMean', 0), constant('runningVariance', 1),
    ]
    const rows = kind === 'vector' ? x : graph.node('Transpose', [x], { perm: [0, 2, 1] })
    const y = graph.node('BatchNormalization', [rows, ...inputs], {
      epsilon: { float: Number(blueprint.options?.['epsilon']) },
    })
    return kind === 'vector' ? y : graph.node('Transpose', [y], { perm: [0, 2, 1] })
  },
  script(to, { options }) {
    const names = Object.keys(to.layer.params)
    const column = (name: string) => input(name, 'column')
    const normal = input('input').sub(column('runningMean'))
      .div(sqrt(column('runningVariance').add(Number(options?.['epsilon']))))
    const y = names.includes('scale') ? normal.mul(column('scale')).add(column('shift')) : normal
    to.output()
    for (const name of names) to.memory.push(`const ${name} = ${to.parameter(name)}`)
    to.step.push(...loops(outputsOf({ y }), to.units), 'return y')
  },
}
