/**
 * For authors of training loops, logs and checkpoint stores: everything in `@recurra/training`, and the parts of
 * trainers.
 *
 * @module @recurra/training/authoring
 */
export * from './index.ts'
export type { Best, FitState, StoppingState } from './checkpoint/checkpoint.ts'
export { rowsOfRank } from './data-parallel/shard.ts'
export type { Position } from './fit/epochs.ts'
export { listening, type Listener } from './fit/log/log.ts'
export { scalarsOf } from './fit/log/scalars-of.ts'
export type { MeterState } from './fit/meter.ts'
export type { Classes, LossFrame } from './losses/loss.ts'
export type { OptimizerGroup } from './optimizers/optimizer.ts'
export { OptimizerState } from './optimizers/optimizer-state.ts'
export type { Carried } from './trainer/carried-state.ts'
