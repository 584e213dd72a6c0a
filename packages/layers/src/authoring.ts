/**
 * For authors of layers: everything in `@recurra/layers`, and the tools that its layers use. `defineLayer` creates a
 * layer from its parameters and its pass. Passes are built from kernels (`passOf`, `inSequence`, `overSteps`) and from
 * `linear`, which is x·W + b forward and backward.
 *
 * @module @recurra/layers/authoring
 */
export * from './index.ts'
export { afterAllSteps, isSegmentable, sharedBySegments } from './across-segments.ts'
export { activationOptions, activations, featuresActivations } from './activations.ts'
export { productScores, type Meeting } from './attention/scores.ts'
export type { ProductOptions } from './batched-product.ts'
export { bernoulli } from './bernoulli.ts'
export type { VariablesByName } from './bound-formula.ts'
export type { Claim, Claimed, TapeOperation } from './claims.ts'
export { isConditioned, StreamSource, type Conditioned, type ConditionedFrame } from './conditioned.ts'
export { paddingOf, reachOf } from './convolution/padding.ts'
export {
  shortConvolution, type ShortConvolution, type ShortConvolutionParams,
} from './convolution/short-convolution.ts'
export { cropOf, type Crop } from './convolution/transposed-convolution.ts'
export { defineLayer, type BuiltLayer, type LayerDefinition, type PlannedCall } from './define-layer.ts'
export { copied, DerivedFormula, type ClaimedGradient } from './derived-formula.ts'
export { expectBlueprints, expectInput } from './expect-blueprints.ts'
export { expectPlan } from './expect-plan.ts'
export { expressionOf } from './formula-tree.ts'
export { frameOf, planInSequence, type FrameMemory } from './frame.ts'
export { historyOf, type HistorySize, type StepHistory } from './history.ts'
export { draw } from './initializers/draw.ts'
export { initializersOption } from './initializers/initializer.ts'
export { buffer, parameter } from './initializers/parameter.ts'
export { addRows, addTo, copy, features, gradientRows, rowMask, withoutPadding, zero, type Cleaned } from './kernels.ts'
export { innermost, whereOf, type BuildContext } from './layer.ts'
export { checkLengths, checkMask } from './check-lengths.ts'
export { linear, type LinearOperands } from './linear.ts'
export { expectSource } from './expect-source.ts'
export { featuresOf, sourceOf, sourceOfHead, withSource, type OwnSource } from './own-source.ts'
export { maskedSoftmax, type SoftmaxOptions } from './multi-head/masked-softmax.ts'
export { angleOf, rotated, turnPairs, type Angles, type Rotation } from './multi-head/rotated.ts'
export { inOrder, inSequence, overSteps, passOf, type Pass } from './pass.ts'
export { mergePass } from './merge.ts'
export { planBranches, type PlannedBranches } from './plan-branches.ts'
export { openSessions } from './sessions/open-sessions.ts'
export { realSteps, type RealSteps } from './real-steps.ts'
export { Segments } from './segments.ts'
export { describeSignal, expectSignal } from './signal.ts'
export { SizeLimit } from './size-limit.ts'
export { expectSlots, slotsOf } from './state-slots.ts'
export { strided } from './stride.ts'
export { Tape, type TapeOutput } from './tape.ts'
export {
  disjointView, mapSlots, requiresGradient, trainableVariables, variable, viewOn, zeroParameter,
} from './variable.ts'
