import type { Layer } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import { callExtras } from '../call-extras.ts'
import type { CallLossOptions } from '../call-loss.ts'
import { ModelCall, type ModelCallOptions, type ScoringCall, type ScoringCallPlan } from '../model-call.ts'
import { wholeCall, wholeRun } from '../whole-call.ts'
import { segmentedLoss, segmentedRun, type SegmentsPlan } from './segmented-run.ts'
import { segmentablePartsOf } from './segmentable-parts.ts'
import { segmentSteps } from './segment-steps.ts'

/** Steps of a segment: enough that each takes much longer than to begin it. */
const each = 256

/**
 * Plans a model for prediction. Long sequences go through it in segments where the layers allow that: the same bits, in
 * memory that does not grow with their length.
 */
export const predictingCall = (layer: Layer, options: ModelCallOptions): ModelCall => {
  const segments = segmentsFor(layer, options, true)
  return new ModelCall(
    layer, { ...options, ...callExtras }, 'inference',
    (input) => segments ? segmentedRun(input, segments) : wholeRun(input), () => undefined,
  )
}

/** Plans a model and its loss for evaluation, in segments where the loss allows that, too. */
export const scoringCall = (
  layer: Layer, { keepOutputs, ...options }: ModelCallOptions & CallLossOptions & Pick<SegmentsPlan, 'keepOutputs'>,
): ScoringCall => {
  const plan: ScoringCallPlan = { ...options, ...callExtras }
  const segments = segmentsFor(layer, plan, keepOutputs)
  if (!segments || (segments.parts.head.length === 0 && !plan.loss.byRow))
    return wholeCall(layer, plan, 'inference', {})
  return new ModelCall(
    layer, plan, 'inference', (input) => segmentedRun(input, segments), (model) => segmentedLoss(model, plan, {}),
  )
}

const segmentsFor = (layer: Layer, options: ModelCallOptions, keepOutputs?: boolean): SegmentsPlan | undefined => {
  const steps = segmentSteps(each, options.steps, options.batch)
  if (steps.length === 1) return undefined
  const parts = segmentablePartsOf(layer, options)
  return parts instanceof ConfigurationError ? undefined : { parts, steps, keepOutputs }
}
