import { formula } from '@recurra/formula'
import { asRows, expectNoMore, ShapeError } from '@recurra/tensor'
import { expectEveryStep, expectSteps } from './plan-branches.ts'
import { expectBlueprints } from './expect-blueprints.ts'
import { expectPlan } from './expect-plan.ts'
import { frameOf, type CallShape, type Frame } from './frame.ts'
import { addTo, copy, features } from './kernels.ts'
import { whereOf, type Blueprint, type Layer, type Same } from './layer.ts'
import type { StatesOf } from './linked.ts'
import { inSequence, passOf } from './pass.ts'
import { Sequential } from './sequential.ts'
import { describeSignal, expectSignal, type Sequence, type Signal, type Vector } from './signal.ts'
import { variable, type State, type Wire } from './variable.ts'

const addInput = formula({ element: ['x', 'f'] }, ({ x, f }) => ({ y: x.add(f) }))

/** y = x + f(x), where f are layers in sequence. Its parts are those layers. */
export class Residual implements Layer {
  readonly type = 'residual'
  readonly in: Signal
  readonly out: Signal
  /** f: the layers around which the input goes. */
  readonly body: Sequential
  readonly params: Sequential['params']
  readonly backend: Sequential['backend']
  readonly causal: boolean
  readonly parts: Sequential['parts']

  constructor(body: Sequential) {
    this.body = body
    this.in = body.in
    this.out = body.in
    this.params = body.params
    this.backend = body.backend
    this.causal = body.causal
    this.parts = body.parts
  }

  plan(x: Wire, callShape: CallShape): Frame<State> {
    expectPlan(this, x, callShape)
    const { backend, body } = this
    const inner = body.plan(x, callShape)
    expectSteps(this.type, callShape.steps, [inner])
    const y = variable(backend, x.value.shape, callShape.mode === 'training')
    const pass = inSequence(
      passOf([], [addTo(backend, y.grad, x.grad)]),
      inner,
      passOf(
        [backend.formula(addInput, { x: features(x), f: asRows(inner.y.value), y: asRows(y.value) })],
        [copy(backend, y.grad, inner.y.grad)],
      ),
    )
    const { initial, final, attentionWeights = [], parts = [], callShape: { earlier } } = inner
    const shape = { ...callShape, ...(earlier && { earlier }) }
    return frameOf({ x, y, callShape: shape, initial, final, attentionWeights, parts }, pass)
  }
}

/**
 * Adds the input to the output of layers in sequence (He et al. 2016): y = x + f(x), [batch, time, features] or
 * [batch, features]. The layers must return as many features as they read, at every step.
 *
 * ```ts
 * import { dense, lstm, residual, rmsNorm, sequential } from 'recurra'
 *
 * const block = residual([rmsNorm(), lstm(16), dense(8)])
 * console.log(sequential(8, [block, block]).out) // { kind: 'sequence', size: 8 }
 * ```
 * @throws `ConfigurationError` if there is no layer, one is not a layer, or there is another argument; when built,
 * if a layer has a stride.
 * @throws `ShapeError` when built or planned, if the layers return another shape than they read.
 */
export const residual = <const B extends readonly Blueprint[]>(
  layers: B, ...others: readonly never[]
): Blueprint<Sequence | Vector, Same, StatesOf<B>> => {
  expectNoMore(others, 'residual', 'a list of layers')
  expectBlueprints(layers, 'residual')
  return {
    type: 'residual',
    options: { layers },
    build(input, context) {
      const where = whereOf('residual', context)
      expectSignal(input, ['sequence', 'vector'], where)
      const body = new Sequential(input, layers, { ...context, where })
      expectEveryStep(body, where)
      if (body.out.kind !== input.kind || body.out.size !== input.size)
        throw new ShapeError({
          where,
          expected: `layers that return what they read, ${describeSignal(input)}`,
          got: describeSignal(body.out),
          fix: `End with dense(${input.size}), say.`,
        })
      return new Residual(body)
    },
  }
}
