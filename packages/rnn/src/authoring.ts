/**
 * For authors of formats and tools that read recurrent layers: everything in `@recurra/rnn`, the layout of cells, and
 * the steps of decoding.
 *
 * @module @recurra/rnn/authoring
 */
export * from './index.ts'
export { atOnce, expectReadable } from './copy-to.ts'
export { logProbabilities } from './decoding/write-tokens.ts'
export { drawToken } from './decoding/sample.ts'
export { isMatrixFrame, observeMatrix } from './observation/observe-matrix.ts'
export type { MatrixCellLayer } from './matrix-cell.ts'
export type { MatrixRecurrenceLayer } from './matrix/matrix-recurrence.ts'
export {
  recurrenceExpressions, type AnySpec, type ChosenSpec, type RecurrenceExpressions,
} from './matrix/recurrence-formulas.ts'
export { stabilizerStep } from './matrix/stabilizer.ts'
export { withInt8, type ScaleAxes } from './quantize/quantization.ts'
export { paramKey } from './recurrent-params.ts'
export { isRecurrentFrame } from './rnn-layer.ts'
export { stageOrder, type Run, type StagePlan } from './stage-order.ts'
export { todaysName } from './todays-name.ts'
