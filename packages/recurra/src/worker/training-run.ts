import { backendOption, commonBackend, type Backend } from '@recurra/backend'
import {
  decodeCheckpoint, encodeCheckpoint, loadParameters, modelOf, saveParameters, type Model,
} from '@recurra/formats'
import type { Layer } from '@recurra/layers'
import { atOnce } from '@recurra/rnn/authoring'
import { option, options } from '@recurra/tensor'
import { fit, restoreParameters, type Checkpoint, type Clip, type History } from '@recurra/training'
import { dataOf, lossOf, optimizerConfig, optimizerOf } from './made-from-job.ts'
import { Reporter, type ProgressReport } from './reporter.ts'
import { checkedJob, type TrainingJob } from './training-job.ts'
import { PauseGate } from './pause-gate.ts'

/** The result of a training. */
export interface TrainingResult {
  /** The history of the training. */
  readonly history: History
  /** The final parameters, as `loadParameters` reads them. */
  readonly parameters: Uint8Array
}

/** Options of `TrainingRun`. */
export interface TrainingRunOptions {
  /** The backend that it runs on. Default: the fastest of this machine. */
  readonly backend?: Backend
  /** Whether the first step waits for `resume`. Default: false. */
  readonly paused?: boolean
}

/**
 * A training that can be controlled while it runs: paused, run step by step, saved, and given another learning rate. In
 * a worker, `serveTraining` offers it to a page; here it runs in the same thread:
 *
 * ```ts
 * import { configOf, dense, rnn, sequential } from 'recurra'
 * import { TrainingRun } from 'recurra/worker'
 *
 * const run = new TrainingRun({
 *   model: configOf(sequential(1, [rnn(8), dense(1)])),
 *   data: { x: [[[0], [1], [0]], [[1], [1], [0]]], target: [[[0], [0], [1]], [[0], [1], [1]]] }, // what came before
 *   loss: 'meanSquaredError', optimizer: { type: 'adam', learningRate: 0.01 }, steps: 200,
 * })
 * const { history } = await run.start(({ loss }) => { if (loss < 0.1) run.learningRate = 0.001 })
 * console.log(history.losses.length, history.losses.at(-1)! < history.losses[0]!) // 200 true
 * ```
 */
export class TrainingRun {
  /** The model that is trained. */
  readonly model: Model
  /** The learning rate of the next step. */
  learningRate: number
  readonly #job: TrainingJob
  readonly #pauseGate: PauseGate
  readonly #aborted = new AbortController()
  #clip: Clip | undefined
  #checkpoint: Checkpoint | undefined
  /** Ends a stretch of the training, from which a checkpoint is taken. */
  #stretch = new AbortController()
  /** Those who wait for it to end. */
  #waiting: (() => void)[] = []
  #running = false

  /**
   * With `paused`, the first step waits for `resume`.
   * @throws `ConfigurationError` if an option or a field of the job is unknown, or is of the wrong kind.
   * @throws `ConfigurationError`, `ShapeError` or `ValueError` as `modelOf` and `loadParameters`.
   * @throws `FormatError` if the parameters or the checkpoint of the job are damaged.
   * @throws `CheckpointError` if the checkpoint is of another model.
   */
  constructor(job: TrainingJob, given: TrainingRunOptions = {}) {
    const { backend = commonBackend(), paused } = options('TrainingRun', given, {
      backend: backendOption, paused: option.flag(false),
    })
    const { model, parameters, checkpoint, seed = 1, optimizer, clip } = checkedJob(job)
    this.model = modelOf(model, { backend, seed })
    if (parameters) loadParameters(this.model as unknown as Layer, parameters)
    this.learningRate = optimizerConfig(optimizer ?? usual).learningRate
    this.#job = job
    this.#pauseGate = new PauseGate(paused)
    this.#clip = clip
    this.#checkpoint = checkpoint && decodeCheckpoint(checkpoint)
    // who looks before the first step sees it
    if (this.#checkpoint) restoreParameters(this.model as unknown as Layer, this.#checkpoint)
  }

  /**
   * Trains to the end, and awaits `tell` with its progress at most twenty times per second.
   * @throws `ConfigurationError` if there is no such loss or optimizer; otherwise as `fit`.
   */
  async start(tell: (report: ProgressReport) => unknown = () => {}): Promise<TrainingResult> {
    const { data, validation, loss, optimizer = usual, recompute, seed = 1, epochs, steps, seconds } = this.#job
    const reporter = new Reporter(tell)
    const [trainingData, validationData] = [dataOf(data), validation && dataOf(validation)]
    this.#running = true
    try {
      for (;;) {
        this.#stretch = new AbortController()
        const signal = AbortSignal.any([this.#stretch.signal, this.#aborted.signal])
        await this.#pauseGate.pass(signal)
        const history = await fit(this.model as unknown as Layer, trainingData, {
          seed, loss: lossOf(loss), optimizer: optimizerOf(optimizer, () => this.learningRate),
          ...(epochs !== undefined && { epochs }), ...(steps !== undefined && { steps }),
          ...(seconds !== undefined && { seconds }),
          ...(this.#clip && { clip: this.#clip }), ...(validationData && { validation: validationData }),
          checkpoints: { store: { save: async (checkpoint) => void (this.#checkpoint = checkpoint) }, every: {} },
          resume: this.#checkpoint, recompute, signal,
          onProgress: async (progress) => {
            await reporter.add(progress)
            if (this.#pauseGate.locked) await reporter.flush()
            await this.#pauseGate.pass(signal)
          },
        })
        await reporter.flush()
        if (!history.aborted || this.#aborted.signal.aborted) return { history, parameters: await this.parameters() }
        this.#release()
      }
    } finally {
      this.#running = false
      this.#release()
    }
  }

  /** Waits before the next step. */
  pause(): void {
    this.#pauseGate.lock()
  }

  /** Resumes; with `single`, for one step. */
  resume({ single = false }: { readonly single?: boolean } = {}): void {
    this.#pauseGate.unlock({ single })
  }

  /** Clips gradients differently from the next step on. */
  set clip(clip: Clip | undefined) {
    this.#clip = clip
    this.#stretch.abort() // the next stretch is planned with it
  }

  /** Ends the training after the current step. */
  abort(): void {
    this.#aborted.abort()
  }

  /** The current model, for inspection: for a model on the GPU, a copy of it on the CPU. */
  async readable(): Promise<Model> {
    return atOnce(this.model)
  }

  /** The current parameters. */
  async parameters(): Promise<Uint8Array> {
    return saveParameters((await this.readable()) as unknown as Layer)
  }

  /** A checkpoint from which another job resumes bit-identically; `undefined` before the first step. */
  async checkpoint(): Promise<Uint8Array | undefined> {
    if (this.#running) {
      const taken = new Promise<void>((resolve) => this.#waiting.push(resolve))
      this.#stretch.abort()
      await taken
    }
    return this.#checkpoint && encodeCheckpoint(this.#checkpoint)
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

const usual = { type: 'adam', learningRate: 1e-3 } as const
