import { option, options, type AbortSignalLike } from '@recurra/tensor'
import * as comlink from 'comlink'
import { backendNames, type BackendName } from '../named-backend.ts'
import type { ProgressReport } from './reporter.ts'
import type { Port, TrainingService } from './serve-training.ts'
import { checkedJob, type TrainingJob } from './training-job.ts'
import type { TrainingResult } from './training-run.ts'

/** Options of `trainInWorker`. */
export interface TrainInWorkerOptions {
  /** The backend of the worker. Default: the fastest backend on the CPU. */
  readonly backend?: BackendName
  /** Called at most twenty times per second; a promise that it returns is awaited. Default: no listener. */
  readonly onProgress?: (report: ProgressReport) => void | Promise<void>
  /** Ends the training after the current step. Default: no signal. */
  readonly signal?: AbortSignalLike
}

/** A training that runs elsewhere. */
export interface RemoteTraining {
  /** Waits before the next step. */
  pause(): Promise<void>
  /** Resumes; with `single`, for one step. */
  resume(options?: {
    /** Whether it takes one step and waits again. Default: false. */
    readonly single?: boolean
  }): Promise<void>
  /** Changes the learning rate from the next step on. */
  setLearningRate(learningRate: number): Promise<void>
  /** The current parameters, as `loadParameters` reads them. */
  parameters(): Promise<Uint8Array>
  /** A checkpoint for the field `checkpoint` of another job; `undefined` before the first step. */
  checkpoint(): Promise<Uint8Array | undefined>
  /** Ends the training after the step that it is in. */
  abort(): Promise<void>
  /** The result of the training; it is rejected if the training fails. */
  readonly outcome: Promise<TrainingResult>
}

/**
 * Trains in a worker whose file calls `serveTraining`, so that the page stays responsive. The job is plain data;
 * reports arrive while it runs, and the parameters at its end. If the training fails, `outcome` is rejected with the
 * same message.
 *
 * ```ts
 * import { configOf, dense, loadParameters, rnn, sequential } from 'recurra'
 * import { serveTraining, trainInWorker } from 'recurra/worker'
 *
 * // In a page: new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
 * const { port1: worker, port2: inside } = new MessageChannel()
 * serveTraining(inside)
 *
 * const model = sequential(1, [rnn(4), dense(1)])
 * const data = { x: [[[0], [1], [0]]], target: [[[0], [0], [1]]] }
 * const training = trainInWorker(worker, { model: configOf(model), data, loss: 'meanSquaredError', steps: 50 })
 * await training.setLearningRate(0.01)
 * const { history, parameters } = await training.outcome
 * loadParameters(model, parameters)
 * console.log(history.losses.length) // 50
 * worker.close()
 * ```
 * @throws `ConfigurationError` if an option or a field of the job is unknown, or is of the wrong kind.
 */
export const trainInWorker = (port: Port, job: TrainingJob, given: TrainInWorkerOptions = {}): RemoteTraining => {
  const { backend, onProgress, signal } = options('trainInWorker', given, {
    backend: option.oneOf(...backendNames)(),
    onProgress: option.callback<NonNullable<TrainInWorkerOptions['onProgress']>>(), signal: option.signal(),
  })
  checkedJob(job)
  const service = comlink.wrap<TrainingService>(port as comlink.Endpoint)
  const outcome = service.start(job, backend, comlink.proxy((report: ProgressReport) => onProgress?.(report)))
  const abort = (): Promise<void> => service.abort()
  if (signal?.aborted) void abort()
  signal?.addEventListener('abort', () => void abort(), { once: true })
  return {
    outcome, abort,
    pause: () => service.pause(),
    resume: ({ single = false } = {}) => service.resume(single),
    setLearningRate: (learningRate) => service.setLearningRate(learningRate),
    parameters: () => service.parameters(),
    checkpoint: () => service.checkpoint(),
  }
}
