/**
 * Training off the main thread: a worker trains, and the page receives its progress. A separate entry, because most
 * programs train in their own thread.
 *
 * @module recurra/worker
 */
export type { BackendName } from './named-backend.ts'
export type { DataConfig, LossName, OptimizerConfig, TokensConfig, TrainingJob } from './worker/training-job.ts'
export type { ProgressReport } from './worker/reporter.ts'
export { serveTraining, type Port } from './worker/serve-training.ts'
export { trainInWorker, type RemoteTraining, type TrainInWorkerOptions } from './worker/train-in-worker.ts'
export { TrainingRun, type TrainingResult, type TrainingRunOptions } from './worker/training-run.ts'
