import { asRows, expectNoMore, reshape, ShapeError, swapTimeAndBatch, type Tensor } from '@recurra/tensor'
import { copied } from '../derived-formula.ts'
import { expectBlueprints } from '../expect-blueprints.ts'
import { expectPlan } from '../expect-plan.ts'
import { frameOf, type CallShape, type Frame } from '../frame.ts'
import { whereOf, type AsVector, type Blueprint, type Layer } from '../layer.ts'
import type { StatesOf } from '../linked.ts'
import { maskedSoftmax } from '../multi-head/masked-softmax.ts'
import { expectEveryStep, expectSteps } from '../plan-branches.ts'
import { realSteps } from '../real-steps.ts'
import { Sequential } from '../sequential.ts'
import { describeSignal, expectSignal, vector, type Sequence, type Vector } from '../signal.ts'
import { Tape } from '../tape.ts'
import { variable, viewOn, type State, type Wire } from '../variable.ts'
import { unrolled } from './steps.ts'

/** The mean of the steps, weighted by softmax(score) over time. Its parts are the layers that give the scores. */
export class AttentionPool implements Layer {
  readonly type = 'attentionPool'
  readonly in: Sequence
  readonly out: Vector
  /** The layers that give each step a score. */
  readonly body: Sequential
  readonly params: Sequential['params']
  readonly backend: Sequential['backend']
  readonly causal = false
  readonly parts: Sequential['parts']

  constructor(body: Sequential) {
    this.body = body
    this.in = body.in as Sequence
    this.out = vector(body.in.size)
    this.params = body.params
    this.backend = body.backend
    this.parts = body.parts
  }

  plan(x: Wire, given: CallShape): Frame<State> {
    expectPlan(this, x, given)
    const { backend, body } = this
    const { lengths: _, ...callShape } = given
    const { steps, batch, mode } = callShape
    const tape = new Tape(backend, mode)
    const read = tape.variable(...x.value.shape) // layers overwrite the gradient of what they read
    tape.formula(copied, { y: viewOn(read, asRows) }, { x: viewOn(x, asRows) })
    const inner = body.plan(read, given)
    expectSteps(this.type, steps, [inner])
    tape.run(inner, read)

    const y = variable(backend, [batch, this.out.size], mode === 'training')
    const weights = tape.variable(batch, 1, steps)
    const { real, begin } = realSteps(backend, 0, given)
    const perSequence = (of: Tensor): Tensor => swapTimeAndBatch(unrolled(asRows(of), batch))
    const scores = viewOn(weights, (of) => reshape(of, [batch, steps, 1]))
    tape.formula(copied, { y: scores }, { x: viewOn(inner.y, perSequence) }, { grouped: true })
    tape.run(begin)
    maskedSoftmax(tape, weights, { scale: 1, real })
    const pooled = viewOn(y, (of) => reshape(of, [batch, 1, this.out.size]))
    tape.product(pooled, weights, viewOn(tape.withoutPadding(x, given), perSequence))
    const { initial, final, attentionWeights = [], parts = [] } = inner
    return frameOf(
      { x, y, callShape, initial, final, attentionWeights: [...attentionWeights, weights.value], parts }, tape.pass())
  }
}

/**
 * Attention pooling: the mean of all steps, weighted by softmax(score) over the real ones, where layers in sequence
 * give each step its score (Yang et al. 2016): [batch, time, features] -> [batch, features]. Where no step is real, as
 * after `masking`, it is 0. It needs the whole sequence, so it cannot be streamed.
 *
 * The weights, [batch, 1, time], are among the `attentionWeights` of the frame: they show which steps counted.
 *
 * ```ts
 * import { activation, attentionPool, dense, gru, sequential } from 'recurra'
 *
 * const scores = [dense(16), activation('tanh'), dense(1, { bias: false })]
 * const model = sequential(8, [gru(16), attentionPool(scores), dense(2)])
 * console.log(model.layers[1]?.out) // { kind: 'vector', size: 16 }
 * ```
 * @throws `ConfigurationError` if there is no layer, one is not a layer, or there is another argument; when built,
 * if a layer has a stride.
 * @throws `ShapeError` when built or planned, if the layers do not return one number for each step.
 */
export const attentionPool = <const B extends readonly Blueprint[]>(
  scores: B, ...others: readonly never[]
): Blueprint<Sequence, AsVector, StatesOf<B>> => {
  expectNoMore(others, 'attentionPool', 'a list of layers')
  expectBlueprints(scores, 'attentionPool')
  return {
    type: 'attentionPool',
    options: { scores },
    build(input, context) {
      const where = whereOf('attentionPool', context)
      expectSignal(input, ['sequence'], where)
      const body = new Sequential(input, scores, { ...context, where })
      expectEveryStep(body, where)
      if (body.out.kind !== 'sequence' || body.out.size !== 1)
        throw new ShapeError({
          where,
          expected: 'layers that return one number, the score, for each step',
          got: describeSignal(body.out),
          fix: 'End with dense(1).',
        })
      return new AttentionPool(body)
    },
  }
}
