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
  activations, addRows, addTo, batchedProduct, bernoulli, checkLengths, checkMask, copy, defineLayer, describeSignal,
  draw, expectBlueprints, expectInput, expectPlan, expectSignal, expectSlots, features, featuresActivations, frameOf,
  gradientRows, historyOf, initializersOption, inOrder, inSequence, isConditioned, linear, maskedSoftmax, overSteps,
  parameter, passOf, realSteps, requiresGradient, rowMask, SizeLimit, slotsOf, sourceOfHead, strided, withSource,
  variable, whereOf, withoutPadding, zero,
  type AsSequence, type AsVector, type BatchedOperand, type BatchedProductOperands, type BuildContext, type BuiltLayer,
  type Cleaned, type Conditioned, type ConditionedFrame, type FrameMemory, type Gives, type HistorySize,
  type LayerDefinition, type LinearOperands, type Pass, type PlannedCall, type RealSteps, type Resized, type Same,
  type Segments, type Sequence, type Slots, type SoftmaxOptions, type State, type StepHistory, type Stride,
  type Tokens, type Vector,
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
