import type { Blueprint, Variable } from 'recurra'
import {
  batchedProduct, defineLayer, gradientRows, historyOf, inSequence, linear, maskedSoftmax, parameter, passOf, realSteps,
  reshape, swapTimeAndBatch, transposed, variable, type Same, type Sequence, type Slots,
} from 'recurra/authoring'

export const look = (window: number): Blueprint<Sequence, Same, Slots> =>
  defineLayer({
    type: 'look',
    options: { window },
    accepts: ['sequence'],
    build({ size }, context) {
      const { backend } = context
      const weight = () => parameter([size, size], 'glorotUniform', context)
      const params = { query: weight(), key: weight(), value: weight() }
      return {
        out: { kind: 'sequence', size },
        params,
        segmentable: false,
        plan(x, shape) {
          const { steps, batch, mode } = shape
          const [training, before] = [mode === 'training', window - 1]
          const past = () => historyOf(backend, { size, before }, shape)
          const [keys, values, real] = [past(), past(), realSteps(backend, before, shape)]
          const query = variable(backend, [steps, batch, size], training)
          const project = (name: keyof typeof params, y: Variable, shared: boolean) =>
            linear(backend, { x, weight: params[name], y, shared }, shape)

          // For each sequence, a product of its queries [steps, size] and keys [size, before + steps].
          const perSequence = ({ value, grad }: Variable): Variable => ({
            value: swapTimeAndBatch(value), grad: training ? swapTimeAndBatch(grad) : grad,
          })
          const [q, k, v] = [query, keys.all, values.all].map(perSequence) as [Variable, Variable, Variable]
          const turned = { value: transposed(k.value), grad: training ? transposed(k.grad) : k.grad }
          const weights = variable(backend, [batch, steps, before + steps], training)
          const y = variable(backend, x.value.shape, training)
          const { x: dy, clean } = gradientRows(backend, y, shape)
          const answer = perSequence({ value: y.value, grad: training ? reshape(dy, y.value.shape) : dy })
          const attend = inSequence(
            batchedProduct(backend, { a: q, b: { ...turned, shared: true }, y: weights }, training),
            maskedSoftmax(backend, weights, {
              scale: 1 / Math.sqrt(size), real: real.real, last: before, window,
            }, training),
            batchedProduct(backend, { a: weights, b: { ...v, shared: true }, y: answer }, training),
          )

          // Backward, the query comes first: it overwrites the gradient of x, and the others add to it.
          const projections = [project('key', keys.own, true), project('value', values.own, true),
            project('query', query, false)]
          const slots = (of: 'initial' | 'final'): Slots =>
            Object.fromEntries(Object.entries({ keys, values, real }).map(([name, { state }]) => [name, state![of]]))
          const all = [keys, values, real]
          return {
            y, initial: slots('initial'), final: slots('final'), attentionWeights: [weights.value],
            pass: inSequence(
              ...projections, ...all.map(({ begin }) => begin), attend, ...all.map(({ end }) => end), passOf([], clean),
            ),
          }
        },
      }
    },
  })
