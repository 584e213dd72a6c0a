import type { Backend, Kernel } from '@recurra/backend'
import { addRows, parameter, wantsGradient, type BuildContext, type Variable } from '@recurra/layers'
import { rows, transposed } from '@recurra/tensor'
import { unitsOf } from './memories.ts'
import type { Passage } from './start.ts'

/** y = [a | b | …]·W + b: a dense layer over vectors that lie apart. */
export class Projection {
  /** `weight` [all features, size] and `bias` [size], uniform in ±1/√features as in `dense`. */
  readonly params: { readonly weight: Variable; readonly bias: Variable }
  readonly #backend: Backend

  constructor(vectors: readonly Variable[], size: number, context: BuildContext) {
    const features = vectors.reduce((sum, vector) => sum + unitsOf(vector), 0)
    const usual = { uniform: 1 / Math.sqrt(features) }
    this.params = { weight: parameter([features, size], usual, context), bias: parameter([size], usual, context) }
    this.#backend = context.backend
  }

  /** The vectors, [batch, features] each -> `to`, [batch, size]; on the way back their gradients are added to. */
  plan(vectors: readonly Variable[], to: Variable, training: boolean): Passage {
    const { params: { weight, bias } } = this
    const backend = this.#backend
    const [ahead, back]: [Kernel[], Kernel[]] = [[], []]
    let from = 0
    vectors.forEach((vector, i) => {
      const { value, grad } = vector
      const until = from + unitsOf(vector)
      const [w, dw] = [rows(weight.value, from, until), rows(weight.grad, from, until)]
      ahead.push(
        backend.matmul({ out: to.value, a: value, b: w, ...(i === 0 ? { bias: bias.value } : { accumulate: true }) }),
      )
      if (training) back.push(backend.matmul({ out: dw, a: transposed(value), b: to.grad, accumulate: true }))
      if (training && wantsGradient(vector))
        back.push(backend.matmul({ out: grad, a: to.grad, b: transposed(w), accumulate: true }))
      from = until
    })
    if (training) back.push(backend.formula(addRows, { x: to.grad, y: bias.grad }))
    return { ahead, back }
  }
}
