/**
 * Training away from the page: a worker trains, the page receives its progress. It is an entry of its own, because most
 * programs train where they are.
 *
 * @module recurra/worker
 */
export type { BackendName } from './named-backend.ts'
export type { DataConfig, LossName, OptimizerConfig, TokensConfig, TrainingJob } from './worker/training-job.ts'
export type { ProgressReport } from './worker/reporter.ts'
export { serveTraining, type Port } from './worker/serve-training.ts'
export { trainInWorker, type RemoteTraining, type TrainInWorkerOptions } from './worker/train-in-worker.ts'
export { TrainingRun, type TrainingResult, type TrainingRunOptions } from './worker/training-run.ts'
