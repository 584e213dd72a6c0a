/**
 * For authors of layers, cells, losses, optimizers and backends: the tools that Recurra's own are built with, such as
 * `defineLayer`, `linear` and `passOf`. Everything else is in `recurra`.
 *
 * @module recurra/authoring
 */
export { batchedFormula } from '@recurra/backend'
export type {
  BatchedProductOf, Kernel, PackedProduct, ProductOf, ReadBack, Scope, ScopeOptions,
} from '@recurra/backend'
export {
  accumulate, column, constant, differentiate, equal, errorFunction, input, inputsOf, maxOverAll, maxOverColumns,
  maxOverRows, operations, outputsOf, passesOf, programOf, substitute, sumOverAll, sumOverColumns, sumOverRows,
  type Derivative, type ExpressionLike, type FormulaOutput, type FormulaPasses, type NodeOp, type Op, type Operands,
  type OperandKind, type Operation, type Program, type Target,
} from '@recurra/formula'
export {
  activations, addRows, addTo, bernoulli, buffer, checkLengths, checkMask, copied, copy, defineLayer, DerivedFormula,
  describeSignal, disjointView, draw, expectBlueprints, expectInput, expectPlan, expectSignal, expectSlots, features,
  featuresActivations, frameOf, gradientRows, historyOf, initializersOption, inOrder, inSequence, isConditioned, linear,
  maskedSoftmax, overSteps, parameter, passOf, realSteps, requiresGradient, rotated, rowMask, SizeLimit, slotsOf,
  sourceOf, sourceOfHead, strided, Tape, turnPairs, variable, viewOn, whereOf, withoutPadding, withSource, zero,
  type Angles, type AsSequence, type AsVector, type BuildContext, type BuiltLayer, type Claim, type Cleaned,
  type Conditioned, type ConditionedFrame, type FrameMemory, type Gives, type ClaimedGradient, type HistorySize,
  type LayerDefinition, type LinearOperands, type OwnSource, type Pass, type PlannedCall, type ProductOptions,
  type RealSteps, type Resized, type Rotation, type Same, type Segments, type Sequence, type Slots, type SoftmaxOptions,
  type State, type StepHistory, type Stride, type TapeOperation, type Tokens, type VariablesByName, type Vector,
} from '@recurra/layers/authoring'
export { isRecurrentFrame, paramKey, stageOrder, type Run, type StagePlan } from '@recurra/rnn/authoring'
export {
  asRows, at, columns, describeShape, describeValue, reshape, reversed, rows, sizeOf, slice, swapTimeAndBatch,
  tensorOver, transposed, type DType, type Floats, type Indices, type Option,
} from '@recurra/tensor'
export {
  listening, OptimizerState, scalarsOf, type Best, type Carried, type Classes, type FitState,
  type Listener, type LossFrame, type MeterState, type OptimizerGroup, type Position, type StoppingState,
} from '@recurra/training/authoring'
