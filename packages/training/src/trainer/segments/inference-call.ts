import type { Layer } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import { LossCall, type LossCallOptions, type ScoringCall } from '../loss-call.ts'
import { ModelCall, type ModelCallOptions, type PredictingCall } from '../model-call.ts'
import { callExtras } from '../call-extras.ts'
import { SegmentedCall, type SegmentsPlan } from './segmented-call.ts'
import { SegmentedLossCall } from './segmented-loss-call.ts'
import { segmentablePartsOf } from './segmentable-parts.ts'
import { segmentSteps } from './segment-steps.ts'

/** Steps of a segment: enough that each takes much longer than to begin it. */
const each = 256

/**
 * Plans a model for prediction. Long sequences go through it in segments where the layers allow that: the same bits, in
 * memory that does not grow with their length.
 */
export const predictingCall = (layer: Layer, given: ModelCallOptions): PredictingCall => {
  const options = { ...given, ...callExtras }
  const plan = segmentsFor(layer, options, true)
  return plan ? new SegmentedCall(layer, options, plan) : new ModelCall(layer, options, 'inference')
}

/** Plans a model and its loss for evaluation, in segments where the loss allows that, too. */
export const scoringCall = (
  layer: Layer, { keepOutputs, ...given }: LossCallOptions & Pick<SegmentsPlan, 'keepOutputs'>,
): ScoringCall => {
  const options = { ...given, ...callExtras }
  const plan = segmentsFor(layer, options, keepOutputs)
  return plan && (plan.parts.head.length > 0 || options.loss.byRow)
    ? new SegmentedLossCall(layer, options, plan)
    : new LossCall(layer, options, 'inference')
}

const segmentsFor = (layer: Layer, options: ModelCallOptions, keepOutputs?: boolean): SegmentsPlan | undefined => {
  const steps = segmentSteps(each, options.steps, options.batch)
  if (steps.length === 1) return undefined
  const parts = segmentablePartsOf(layer, options)
  return parts instanceof ConfigurationError ? undefined : { parts, steps, mode: 'inference', keepOutputs }
}
