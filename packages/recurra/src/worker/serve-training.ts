import * as comlink from 'comlink'
import type { ProgressReport } from './reporter.ts'
import type { TrainingJob } from './training-job.ts'
import { TrainingRun, type TrainingResult } from './training-run.ts'

/** What messages go through: a worker, the inside of one, or the port of a channel. */
export interface Port {
  /** Sends a message. */
  postMessage(message: unknown, transfer?: object[]): void
  /** Calls the listener for each message that comes. */
  addEventListener(type: string, listener: (event: any) => void, options?: object): void
  /** Calls it no more. */
  removeEventListener(type: string, listener: (event: any) => void, options?: object): void
  /** Lets messages come. */
  start?(): void
}

/** What a worker offers to a page; comlink makes promises of all of it. */
export interface TrainingService {
  start(job: TrainingJob, tell: (report: ProgressReport) => void): Promise<TrainingResult>
  pause(): void
  resume(single: boolean): void
  setLearningRate(learningRate: number): void
  parameters(): Uint8Array
  checkpoint(): Promise<Uint8Array | undefined>
  abort(): void
}

/**
 * Makes this worker one that trains for a page: the whole of its file is
 *
 * ```js
 * import { serveTraining } from 'recurra/worker'
 *
 * serveTraining()
 * ```
 */
export const serveTraining = (port: Port = globalThis as unknown as Port): void => {
  let run: TrainingRun | undefined
  const running = (): TrainingRun => run!
  const service: TrainingService = {
    start(job, tell) {
      run = new TrainingRun(job)
      return run.start(tell)
    },
    pause: () => running().pause(),
    resume: (single) => running().resume({ single }),
    setLearningRate: (learningRate) => void (running().learningRate = learningRate),
    parameters: () => running().parameters(),
    checkpoint: () => running().checkpoint(),
    abort: () => running().abort(),
  }
  comlink.expose(service, port as comlink.Endpoint)
}
