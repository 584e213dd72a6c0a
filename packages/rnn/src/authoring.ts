/**
 * For authors of formats and tools that read recurrent layers: everything in `@recurra/rnn`, and the layout of cells.
 *
 * @module @recurra/rnn/authoring
 */
export * from './index.ts'
export { withInt8, type ScaleAxes } from './quantize/quantization.ts'
export { paramKey } from './recurrent-params.ts'
export { isRecurrentFrame } from './rnn-layer.ts'
export { stageOrder, type Run, type StagePlan } from './stage-order.ts'
export { todaysName } from './todays-name.ts'
