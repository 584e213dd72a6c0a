import { formula, select, sigmoid, sumOverColumns } from '@recurra/formula'
import {
  batchedProduct, copy, defineLayer, features, gradientRows, inSequence, linear, overSteps, parameter, passOf, rowMask,
  sequence, variable, withoutPadding, type Blueprint, type CallShape, type Pass, type PlannedCall, type Sequence,
  type Slots, type Variable, type Wire,
} from '@recurra/layers/authoring'
import type { Backend } from '@recurra/backend'
import { asRows, at, reshape, rows, type Tensor } from '@recurra/tensor'

const gate = formula({ element: ['z'] }, ({ z }) => ({ decay: sigmoid(z) }))
/** Padding keeps the state. */
const paddedGate = formula({ element: ['z'], row: ['mask'] }, ({ z, mask }) => ({
  decay: select(mask, sigmoid(z), 1),
}))
const gateBack = formula({ element: ['decay', 'dDecay'] }, ({ decay, dDecay }) => ({
  dz: decay.mul(decay.neg().add(1)).mul(dDecay),
}))
const forget = formula({ element: ['prev'], row: ['decay'] }, ({ prev, decay }) => ({ next: prev.mul(decay) }))
const forgetBack = formula({ element: ['prev', 'dS'], row: ['decay'] }, ({ prev, dS, decay }) => ({
  dDecay: sumOverColumns(dS.mul(prev)),
  dS: dS.mul(decay),
}))

/** The sizes of a matrix memory: for each head a matrix [keys, values]. */
export interface MatrixMemorySizes { readonly heads: number; readonly keys: number; readonly values: number }

type Name = 'query' | 'key' | 'value' | 'decay'
type Params = { readonly [name in Name]: Variable }

/**
 * Linear attention with a learned decay (as RetNet and gated linear attention): for each head a matrix S is the state,
 * S' = a·S + k ⊗ v, y = q·S', where a = σ(x·W). [batch, time, features] -> [batch, time, heads · values].
 */
export const matrixMemory = (sizes: MatrixMemorySizes): Blueprint<Sequence, Sequence, { S: Variable }> =>
  defineLayer({
    type: 'matrixMemory',
    options: { ...sizes },
    accepts: ['sequence'],
    build({ size }, context) {
      const { heads, keys, values } = sizes
      const uniform = { uniform: 1 / Math.sqrt(size) }
      const weight = (columns: number): Variable => parameter([size, columns], uniform, context)
      const params: Params = {
        query: weight(heads * keys), key: weight(heads * keys), value: weight(heads * values), decay: weight(heads),
      }
      return {
        out: sequence(heads * values),
        params,
        plan: (x, callShape) => planMemory(context.backend, params, sizes, x, callShape),
      }
    },
  })

const planMemory = (
  backend: Backend, params: Params, { heads, keys, values }: MatrixMemorySizes, x: Wire, callShape: CallShape,
): PlannedCall & { readonly initial: Slots } => {
  const { steps, batch, mode } = callShape
  const [training, groups, matrix] = [mode === 'training', batch * heads, keys * values]
  // Padding that is 0 has keys and values of 0: nothing is added to the state.
  const { x: read, clean } = withoutPadding(backend, features(x), callShape)
  const project = (name: Name, shared = true): { readonly y: Variable; readonly pass: Pass } => {
    const weight = params[name]
    const y = variable(backend, [steps, batch, weight.value.shape[1]!], training)
    return { y, pass: linear(backend, { x: { value: read, grad: x.grad }, weight, y, shared }, { steps, batch, mode }) }
  }
  const [query, key, value, decay] = [project('query'), project('key'), project('value'), project('decay', false)]
  const matrices = ({ value, grad }: Variable, n: number, m: number): Variable => {
    const shape = [steps, groups, n, m]
    return { value: reshape(value, shape), grad: training ? reshape(grad, shape) : grad }
  }

  const a = variable(backend, [steps, batch, heads], training)
  const mask = rowMask(callShape)
  const z = { z: asRows(decay.y.value), decay: asRows(a.value) }
  const gates = passOf(
    [mask ? backend.formula(paddedGate, { ...z, mask }) : backend.formula(gate, z)],
    training // where padding has 1 its derivative is 0
      ? [backend.formula(gateBack, { decay: z.decay, dDecay: asRows(a.grad), dz: asRows(decay.y.grad) })]
      : [],
  )

  const history = backend.zeros([steps + 1, groups, keys, values])
  const dS = backend.zeros(training ? [groups, keys, values] : [0]) // carried from step to step
  const slot = (position: number, grad: Tensor): Slots => {
    const shape = [batch, heads, keys, values]
    const S = { value: reshape(at(history, position), shape), grad: training ? reshape(grad, shape) : grad }
    return { S }
  }
  const [initial, final] = [slot(0, dS), slot(steps, backend.zeros(dS.shape))]
  const state = { value: rows(history, 1, steps + 1), grad: dS }
  const flat = (S: Tensor): Tensor => reshape(S, [steps, groups, matrix])
  const operands = { prev: flat(rows(history, 0, steps)), decay: reshape(a.value, [steps, groups]) }
  const forgetting = passOf(
    [backend.formula(forget, { ...operands, next: flat(state.value) })],
    training
      ? [backend.formula(forgetBack, {
          ...operands, dS: reshape(dS, [groups, matrix]), dDecay: reshape(a.grad, [steps, groups]),
        })]
      : [],
  )

  const y = variable(backend, [steps, batch, heads * values], training)
  const { x: dy, clean: cleanGradient } = gradientRows(backend, y, callShape)
  const k = matrices(key.y, keys, 1)
  const step = inSequence(
    forgetting,
    batchedProduct(backend, { a: k, b: matrices(value.y, 1, values), y: state, accumulate: true }, training),
    batchedProduct(backend, {
      a: matrices(query.y, 1, keys), b: { ...state, shared: true }, y: matrices({ ...y, grad: dy }, 1, values),
    }, training),
  )
  const arrive = training ? [...cleanGradient, copy(backend, final['S']!.grad, initial['S']!.grad)] : []
  const pass = inSequence(
    passOf(clean), query.pass, key.pass, value.pass, decay.pass, gates, overSteps(steps, step), passOf([], arrive),
  )
  return { y, initial, final, pass }
}
