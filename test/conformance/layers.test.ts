import {
  activation, activations, dense, dropout, elementWiseLayer, embedding, formulaLayer, layerNorm, logSoftmax, oneHot,
  softmax,
  type ActivationName, type Blueprint,
} from '@recurra/layers/authoring'
import { meanOverColumns, select, softplus, tanh } from '@recurra/formula'
import { describeLayer } from '@recurra/testing/vitest'
import { fast as backends } from './backends.ts'

describeLayer('dense', dense, { backends })
describeLayer('dense of a vector', dense, { input: 'vector', backends })
describeLayer('dense without bias', (size) => dense(size, { bias: false }))

for (const name of Object.keys(activations) as ActivationName[])
  describeLayer(`activation ${name}`, () => activation(name), {
    backends, ...(name === 'exponential' && { extremes: [10] }), // of 10,000 it is infinite
  })
describeLayer('softmax', () => softmax(), { backends })
describeLayer('logSoftmax', () => logSoftmax(), { backends })
describeLayer('leakyRelu of another slope', () => activation('leakyRelu', { negativeSlope: 0.2 }))
describeLayer('hardtanh between other ends', () => activation('hardtanh', { min: -2, max: 0.5 }))
describeLayer('activation with a mean', () => activation((x) => x.sub(meanOverColumns(x))), { backends })
describeLayer('activation of a vector', () => activation('tanh'), { input: 'vector' })
describeLayer('activation of one\'s own: mish', () => activation((x) => x.mul(tanh(softplus(x)))), { backends })

const prelu = elementWiseLayer('prelu', { slope: 0.25 }, (x, { slope }) => select(x, x, x.mul(slope)))
const awkward = elementWiseLayer('awkward', { x: { uniform: [1, 2] }, 'd.y': 1 }, (y, { x, 'd.y': shift }) =>
  tanh(y.mul(x)).add(shift.mul(tanh(meanOverColumns(y)))))
describeLayer('a layer of one\'s own: prelu', () => prelu(), { backends })
describeLayer('a layer of one\'s own, of a vector', () => prelu(), { input: 'vector' })
describeLayer('a layer of one\'s own with a mean and awkward names', () => awkward(), { backends })

describeLayer('formulaLayer', () => formulaLayer(['mul', ['tanh', 'x0'], ['add', ['square', 'x0'], 1]]), {
  extremes: [1e4], backends,
})
/** Two slices that overlap, whatever the number of features. */
const sliced: Blueprint = {
  type: 'sliced',
  build: (input, context) => formulaLayer(
    ['add', ['mul', 'x0', ['sigmoid', 'x1']], ['mul', 'p0', ['mean', ['hardtanh', 'x1', -0.5, 0.7]]]],
    { slices: [[0, Math.ceil(input.size / 2)], [Math.floor(input.size / 2), input.size]], parameters: 1 },
  ).build(input, context),
}
describeLayer('formulaLayer of slices, with parameters and a mean', () => sliced, { features: 4, backends })
describeLayer('formulaLayer of a mean alone', () => formulaLayer(['mean', ['square', 'x0']]), {
  extremes: [1e4], backends,
})
describeLayer('formulaLayer that selects', () =>
  formulaLayer(['select', ['sub', 'x0', 0.3], 'x0', ['mul', ['square', 'x0'], 2]]), { extremes: [1e4], backends })
describeLayer('formulaLayer of a vector', () => formulaLayer(['elu', 'x0', 0.5]), { input: 'vector' })

describeLayer('layerNorm', () => layerNorm(), { features: 5, extremes: [1e4], backends })
describeLayer('layerNorm that learns nothing', () => layerNorm({ affine: false }), {
  features: 5,
  extremes: [1e4],
  backends,
})
describeLayer('layerNorm without a shift', () => layerNorm({ bias: false }), { features: 5, extremes: [1e4] })
describeLayer('layerNorm of a vector', () => layerNorm(), { input: 'vector', features: 5, extremes: [1e4] })

describeLayer('dropout', () => dropout(0.4), { draws: true, backends })
describeLayer('dropout, variational', () => dropout(0.4, { variational: true }), { draws: true, backends })
describeLayer('dropout of a vector, variational', () => dropout(0.4, { variational: true }), {
  input: 'vector',
  draws: true,
})
describeLayer('dropout of a vector', () => dropout(0.4), { input: 'vector', draws: true })

describeLayer('embedding', embedding, { input: 'tokens', backends })
describeLayer('oneHot', () => oneHot(), { input: 'tokens', backends })
