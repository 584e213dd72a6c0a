/**
 * Layers, blueprints, frames, and `Sequential`.
 *
 * @module @recurra/layers
 */
export { activation, type Activation, logSoftmax, softmax } from './activation.ts'
export {
  activations, featuresActivations, type ActivationName, type ActivationOptions, type FeaturesActivationName,
} from './activations.ts'
export { attention, type AttentionOptions, type Score } from './attention/attention.ts'
export { batchedProduct, type BatchedOperand, type BatchedProductOperands } from './batched-product.ts'
export { isConditioned, StreamSource, type Conditioned, type ConditionedFrame } from './conditioned.ts'
export { dense, type DenseOptions } from './dense.ts'
export { expectBlueprints, expectInput } from './expect-blueprints.ts'
export { expectPlan } from './expect-plan.ts'
export { dropout, type DropoutOptions } from './dropout.ts'
export { defineLayer, type BuiltLayer, type LayerDefinition, type PlannedCall } from './define-layer.ts'
export { embedding, type EmbeddingOptions } from './embedding.ts'
export { frameOf, type CallShape, type Frame, type FrameMemory, type Source } from './frame.ts'
export { draw } from './initializers/draw.ts'
export { initializersOption, type Initializer, type Initializers } from './initializers/initializer.ts'
export { parameter } from './initializers/parameter.ts'
export { concatSource } from './concat-source.ts'
export { addRows, addTo, copy, features, gradientRows, rowMask, withoutPadding, zero, type Cleaned } from './kernels.ts'
export { layerNorm, type LayerNormOptions } from './layer-norm.ts'
export {
  whereOf, type AsSequence, type AsVector, type Blueprint, type BuildContext, type Flow, type Gives, type Layer,
  type Resized, type Same,
} from './layer.ts'
export { linear, type LinearOperands } from './linear.ts'
export { featuresOf, sourceOfHead, withSource } from './own-source.ts'
export { inOrder, inSequence, overSteps, passOf, type Pass } from './pass.ts'
export { checkLengths, checkMask, Lengths } from './lengths.ts'
export type { Clash, LastOf, Linked, OutputOf, SignalOf, StateOf, StatesOf } from './linked.ts'
export { named } from './named.ts'
export { oneHot } from './one-hot.ts'
export { Sequential, sequential, type SequentialOptions } from './sequential.ts'
export {
  describeSignal, expectSignal, sequence, tokens, vector, type Sequence, type Signal, type Tokens, type Vector,
} from './signal.ts'
export { stack } from './stack.ts'
export { expectSlots, slotsOf, type InitialState, type SlotValues } from './state-slots.ts'
export type { StreamOptions } from './plan-stream.ts'
export { Stream } from './stream.ts'
export type { SavedSlot, StreamState } from './stream-state.ts'
export { bernoulli } from './bernoulli.ts'
export { SizeLimit } from './size-limit.ts'
export {
  countParameters, namedVariables, variable, requiresGradient, type Params, type Slots, type State, type Variable,
  type Wire,
} from './variable.ts'
export { sourceFor, wireFor } from './wire.ts'
