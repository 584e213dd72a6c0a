/**
 * For authors of formats and tools that look into recurrent layers: all of `@recurra/rnn`, and how a cell is laid out.
 *
 * @module @recurra/rnn/authoring
 */
export * from './index.ts'
export { paramKey } from './recurrent-params.ts'
export { isRecurrentFrame } from './rnn-layer.ts'
export { stageOrder, type Run, type StagePlan } from './stage-order.ts'
export { todaysName } from './todays-name.ts'
