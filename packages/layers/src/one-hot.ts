import type { Backend } from '@recurra/backend'
import { column, equal, formula } from '@recurra/formula'
import { asRows, expectIndices } from '@recurra/tensor'
import { symbolsOf } from './embedding.ts'
import { expectPlan } from './expect-plan.ts'
import { KernelLayer, type KernelFrame } from './kernels.ts'
import { whereOf, type AsSequence, type Blueprint, type BuildContext, type CallShape } from './layer.ts'
import { expectSignal, sequence, type Sequence, type Signal, type Tokens } from './signal.ts'
import { variable, type Wire } from './variable.ts'

const oneHotRow = formula({ row: ['token'] }, ({ token }) => ({ y: equal(column, token) }))

class OneHot extends KernelLayer {
  readonly type = 'oneHot'
  readonly in: Signal
  readonly out: Sequence
  readonly backend: Backend

  constructor(input: Signal, { backend }: BuildContext) {
    super()
    this.in = input
    this.out = sequence(input.size)
    this.backend = backend
  }

  plan(x: Wire, callShape: CallShape): KernelFrame {
    expectPlan(this, x, callShape)
    const symbols = symbolsOf(x)
    const y = variable(this.backend, [...x.value.shape, this.out.size], false) // a symbol has no gradient
    const { size } = this.in
    const check = (): void => expectIndices(symbols, size, 'oneHot') // the row of another symbol would be all 0
    const ahead = [check, this.backend.formula(oneHotRow, { token: symbols, y: asRows(y.value) })]
    return { x, y: { ...y, symbols }, callShape, initial: {}, final: {}, ahead, back: [] }
  }
}

/**
 * 1-of-k coding: tokens [batch, time] of k symbols -> [batch, time, k], 1 at the symbol and 0 elsewhere. A layer behind
 * it that multiplies by a weight, such as `dense` or `lstm`, takes rows of the weight instead, which is the same and
 * costs next to nothing.
 *
 * ```ts
 * import { oneHot, sequential, tokens } from 'recurra'
 *
 * const model = sequential(tokens(4), [oneHot()])
 * console.log(model.backend.read(model.stream().step(2))) // [0, 0, 1, 0]
 * ```
 */
export const oneHot = (): Blueprint<Tokens, AsSequence, {}> => ({
  type: 'oneHot',
  build: (input, context) => {
    expectSignal(input, ['tokens'], whereOf('oneHot', context))
    return new OneHot(input, context)
  },
})
