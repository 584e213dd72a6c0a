import { inOrder, zero, type Layer } from '@recurra/layers/authoring'
import { ConfigurationError } from '@recurra/tensor'
import type { UpdateScalars } from '../decision.ts'
import { ModelCall, type ModelInput, type ScoringCallPlan, type TrainingCall } from '../model-call.ts'
import type { AtSegment, LayerFrames, TrainableRun } from '../model-run.ts'
import { wholeCall } from '../whole-call.ts'
import { segmentedLoss, segmentedRun, type SegmentedRun, type SegmentsPlan } from './segmented-run.ts'
import { segmentSteps, type Recompute } from './segment-steps.ts'
import { segmentablePartsOf } from './segmentable-parts.ts'

/**
 * Trains on long sequences in little memory (gradient checkpointing through time; Chen et al. 2016, Gruslys et al.
 * 2016): everything but the states between segments is computed again in the backward pass, just before it is needed.
 * Losses and gradients have the bits of `wholeRun`.
 */
const recomputedRun = (input: ModelInput, plan: SegmentsPlan): SegmentedRun & TrainableRun => {
  const { layer: { backend, random } } = input
  const run = segmentedRun(input, plan)
  const { planned, last, compute } = run
  const clear = inOrder(run.stateGradients.map((grad) => zero(backend, grad)))
  const commit = inOrder((last?.layers ?? []).flatMap(([, , { commit }]) => commit ?? []))
  let [drawn, follow]: [string?, AtSegment?] = []
  const followWatched: AtSegment = (index) => {
    const state = String(random!.state)
    if (index > 0 && state !== drawn) throw drawsByItself()
    drawn = state
    follow?.(index)
  }
  function* computeAgain(): Generator<LayerFrames> {
    for (const [index, { frame }] of planned.entries()) {
      compute(index)
      yield plan.parts.framesOf(frame.frame)
    }
    yield last?.layers ?? []
  }
  return {
    ...run,
    forward(each) {
      follow = each
      run.forward(random ? followWatched : each)
    },
    backward(each) {
      last?.backward()
      clear(0)
      for (let i = planned.length - 1; i >= 0; i--) {
        const { frame, states } = planned[i]!
        if (i < planned.length - 1) compute(i) // the memory still holds the last segment
        last?.backwardTo(i)
        each?.(i)
        states.receive(0)
        frame.frame.backward()
        states.give(0)
      }
    },
    commit: () => commit(0),
    get computed() {
      return computeAgain()
    },
  }
}

/**
 * Plans calls that keep states at intervals, where their sequences are longer than one.
 * @throws `ConfigurationError` if the model or the loss needs whole sequences.
 */
export const recomputing = (recompute: Recompute) => (
  layer: Layer, plan: ScoringCallPlan, readWithLoss: UpdateScalars,
): TrainingCall => {
  const parts = segmentablePartsOf(layer, plan)
  if (parts instanceof ConfigurationError) throw parts
  const steps = segmentSteps(recompute, plan.steps, plan.batch)
  if (steps.length === 1) return wholeCall(layer, plan, 'training', readWithLoss)
  return new ModelCall(
    layer, plan, 'training', (input) => recomputedRun(input, { parts, steps }),
    (model) => segmentedLoss(model, plan, readWithLoss),
  )
}

const drawsByItself = (): ConfigurationError =>
  new ConfigurationError({
    where: 'recompute',
    expected: 'layers whose random numbers can be drawn once more',
    got: 'one that draws by itself',
    fix: 'Draw with `bernoulli` of recurra/authoring, and pass it the call shape.',
  })
