import * as comlink from 'comlink'
import { namedBackend, type BackendName } from '../named-backend.ts'
import type { ProgressReport } from './reporter.ts'
import type { TrainingJob } from './training-job.ts'
import { TrainingRun, type TrainingResult } from './training-run.ts'

/** An endpoint for messages: a worker, the global scope of one, or a port of a message channel. */
export interface Port {
  /** Sends a message. */
  postMessage(message: unknown, transfer?: object[]): void
  /** Calls the listener for each message. */
  addEventListener(type: string, listener: (event: any) => void, options?: object): void
  /** Removes the listener. */
  removeEventListener(type: string, listener: (event: any) => void, options?: object): void
  /** Starts to deliver messages. */
  start?(): void
}

/** What a worker offers to a page; comlink makes promises of all of it. */
export interface TrainingService {
  start(
    job: TrainingJob, backend: BackendName | undefined, tell: (report: ProgressReport) => void,
  ): Promise<TrainingResult>
  pause(): Promise<void>
  resume(single: boolean): Promise<void>
  setLearningRate(learningRate: number): Promise<void>
  parameters(): Promise<Uint8Array>
  checkpoint(): Promise<Uint8Array | undefined>
  abort(): Promise<void>
}

/**
 * Makes this worker train for a page. Its whole file is
 *
 * ```js
 * import { serveTraining } from 'recurra/worker'
 *
 * serveTraining()
 * ```
 */
export const serveTraining = (port: Port = globalThis as unknown as Port): void => {
  let run: Promise<TrainingRun> // a GPU is there some time after it was asked for
  const service: TrainingService = {
    async start(job, backend, tell) {
      run = begin(job, backend)
      return (await run).start(tell)
    },
    pause: async () => (await run).pause(),
    resume: async (single) => (await run).resume({ single }),
    setLearningRate: async (learningRate) => void ((await run).learningRate = learningRate),
    parameters: async () => (await run).parameters(),
    checkpoint: async () => (await run).checkpoint(),
    abort: async () => (await run).abort(),
  }
  comlink.expose(service, port as comlink.Endpoint)
}

const begin = async (job: TrainingJob, backend: BackendName | undefined): Promise<TrainingRun> =>
  new TrainingRun(job, { ...(backend && { backend: await namedBackend(backend) }) })
