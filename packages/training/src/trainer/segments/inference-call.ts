import type { Layer } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import { callExtras } from '../call-extras.ts'
import type { CallLossOptions } from '../call-loss.ts'
import { LossCall, type LossCallOptions } from '../loss-call.ts'
import { ModelCall, type ModelCallOptions } from '../model-call.ts'
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
  const plan = segmentsFor(layer, options, true)
  return new ModelCall(layer, { ...options, ...callExtras }, 'inference', (input) =>
    plan ? segmentedRun(input, plan) : wholeRun(input))
}

/** Plans a model and its loss for evaluation, in segments where the loss allows that, too. */
export const scoringCall = (
  layer: Layer, { keepOutputs, ...given }: ModelCallOptions & CallLossOptions & Pick<SegmentsPlan, 'keepOutputs'>,
): LossCall => {
  const options: LossCallOptions = { ...given, ...callExtras }
  const plan = segmentsFor(layer, options, keepOutputs)
  if (!plan || (plan.parts.head.length === 0 && !options.loss.byRow)) return wholeCall(layer, options, 'inference', {})
  const model = new ModelCall(layer, options, 'inference', (input) => segmentedRun(input, plan))
  return new LossCall(model, segmentedLoss(model, options), {})
}

const segmentsFor = (layer: Layer, options: ModelCallOptions, keepOutputs?: boolean): SegmentsPlan | undefined => {
  const steps = segmentSteps(each, options.steps, options.batch)
  if (steps.length === 1) return undefined
  const parts = segmentablePartsOf(layer, options)
  return parts instanceof ConfigurationError ? undefined : { parts, steps, keepOutputs }
}
