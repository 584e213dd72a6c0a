import type { Backend } from '@recurra/backend'
import {
  inSequence, linear, parameter, viewOn, type BuildContext, type CallShape, type Pass, type Variable,
} from '@recurra/layers/authoring'
import { rows } from '@recurra/tensor'
import { unitsOf } from './final-states.ts'

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

  /** The vectors, [batch, features] each -> y, [batch, size]; the backward pass adds to their gradients. */
  plan(vectors: readonly Variable[], y: Variable, { batch, mode }: CallShape): Pass {
    const { weight: whole, bias } = this.params
    let until = 0
    const products = vectors.map((x, i): Pass => {
      const from = until
      until += unitsOf(x)
      const to = until
      const weight = viewOn(whole, (of) => rows(of, from, to))
      const adding = { ...x, accumulates: true }
      const operands = { x: adding, weight, bias: i === 0 ? bias : undefined, y, accumulate: i > 0 }
      return linear(this.#backend, operands, { steps: 1, batch, mode })
    })
    return inSequence(...products)
  }
}
