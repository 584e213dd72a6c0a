import type { Backend } from '@recurra/backend'
import {
  copy, defineLayer, features, gradientRows, inSequence, linear, parameter, passOf, requiresGradient, sequence, strided,
  variable, withoutPadding, zero, type Blueprint, type Pass, type Resized, type Sequence, type Slots, type Variable,
} from '@recurra/layers/authoring'
import { asRows, at, columns, rows, type Indices } from '@recurra/tensor'

/** The sizes of a causal convolution: what it looks at, and one output for `stride` steps. */
export interface ConvolutionSizes { readonly filters: number; readonly kernel: number; readonly stride: number }

/**
 * A causal convolution with a stride: y[j] = b + Σ x[stride·j - kernel + 1 + k]·W[k], where the steps before the first
 * are the state, one slot for each: [batch, time, features] -> [batch, time / stride, filters].
 */
export const causalConvolution = (sizes: ConvolutionSizes): Blueprint<Sequence, Resized, Slots> =>
  defineLayer({
    type: 'causalConvolution',
    options: { ...sizes },
    accepts: ['sequence'],
    build({ size }, context) {
      const [{ backend }, { filters, kernel, stride: every }] = [context, sizes]
      const [wide, before, stride] = [kernel * size, kernel - 1, { every }]
      const params = {
        weight: parameter([wide, filters], { uniform: 1 / Math.sqrt(wide) }, context),
        bias: parameter([filters], 0, context),
      }
      return {
        out: sequence(filters),
        params,
        stride,
        plan(x, callShape) {
          const { steps, batch, mode, lengths } = callShape
          const [shape, training] = [strided(callShape, stride), mode === 'training']
          const memory = (...of: number[]): Variable => variable(backend, of, training)
          const history = memory(before + steps, batch, size)
          const [windows, y] = [memory(shape.steps, batch, wide), memory(shape.steps, batch, filters)]
          const slots = (of: (k: number) => Variable): Slots =>
            Object.fromEntries(Array.from({ length: before }, (_, k) => [`x${k}`, of(k)]))
          const initial = slots((k) => ({
            value: at(history.value, k), grad: training ? at(history.grad, k) : history.grad,
          }))
          const final = slots(() => memory(batch, size))

          /** Rows of the history, from step k on, and back. */
          const take = (k: number, out: Variable, indices: Indices): Pass => passOf(
            [backend.gather({ out: out.value, table: asRows(rows(history.value, k, k + steps)), indices })],
            training
              ? [backend.scatterAdd({ table: asRows(rows(history.grad, k, k + steps)), rows: out.grad, indices })]
              : [],
          )
          const ends = lengths?.lastRows ?? rowsOf(backend, 1, batch, () => steps - 1, steps)
          const outputs = rowsOf(backend, shape.steps, batch, (j) => every * j, steps)
          const part = (k: number): Variable => ({
            value: columns(asRows(windows.value), k * size, (k + 1) * size),
            grad: training ? columns(asRows(windows.grad), k * size, (k + 1) * size) : windows.grad,
          })
          const taken = Array.from({ length: kernel }, (_, k) => take(k, part(k), outputs))
          const ended = Object.values(final).map((slot, k) => take(k + 1, slot, ends))

          const read = withoutPadding(backend, features(x), callShape)
          const [dy, arriving] = [gradientRows(backend, y, shape), rows(history.value, before, before + steps)]
          const rowByRow = { steps: shape.steps, batch, mode } // padding is 0 already
          const back = training && requiresGradient(x)
            ? [copy(backend, asRows(rows(history.grad, before, before + steps)), asRows(x.grad))]
            : []
          const pass = inSequence(
            passOf([...read.clean, copy(backend, read.x, asRows(arriving))], back),
            ...taken,
            ...ended,
            passOf([], training ? [zero(backend, history.grad)] : []),
            linear(backend, { x: windows, ...params, y: { value: y.value, grad: dy.x } }, rowByRow),
            passOf([], dy.clean),
          )
          return { y, callShape: shape, initial, final, pass }
        },
      }
    },
  })

/** The rows of all sequences at some of `steps` steps. */
const rowsOf = (backend: Backend, count: number, batch: number, at: (j: number) => number, steps: number): Indices => {
  const indices = backend.indices([count * batch], steps * batch)
  const row = (i: number): number => at(Math.floor(i / batch)) * batch + (i % batch)
  backend.write(indices, Array.from({ length: count * batch }, (_, i) => row(i)))
  return indices
}
