import { backend, countParameters, exportJavascript, type Sequential } from 'recurra'
import { TrainingRun, type ProgressReport } from 'recurra/worker'
import { configFor } from '../network/config.ts'
import type { Network } from '../network/network.ts'
import { offerOf, type TaskName } from '../tasks/offers.ts'
import type { Task } from '../tasks/task.ts'
import type { Look } from './look.ts'
import { lookInto, probabilities } from './looking.ts'
import { standAlonePage } from './stand-alone-page.ts'

/** What is to be learned, by what, and how. */
export interface Experiment {
  readonly task: TaskName
  readonly text: string
  readonly network: Network
  readonly seed: number
  readonly learningRate: number
  /** The longest gradient that is let through; 0 lets all through. */
  readonly clip: number
}

/** What the page hears while it trains. */
export type News = { readonly report: ProgressReport } | { readonly look: Look } | { readonly fault: string }

/** What can be taken home. */
export type ExportKind = 'safetensors' | 'onnx' | 'html'

/** Milliseconds between two looks into the network: they cost a little time. */
const pause = 400
/** So many that nobody waits for the end. */
const endless = 1e9

/** Where a network is taught: it lives in a worker, and the page calls it through comlink. */
export class TrainingService {
  #run: TrainingRun | undefined
  #experiment: Experiment | undefined
  #task: Task | undefined
  #turn = 0
  #next = 0

  /** Rebuilds the network, or from a checkpoint, and waits. */
  open(
    experiment: Experiment,
    material: { readonly digits?: Uint8Array; readonly checkpoint?: Uint8Array },
    tell: (news: News) => Promise<void>,
  ): { readonly parameters: number; readonly engine: string } {
    this.#run?.abort()
    const { task: name, text, network, seed, learningRate, clip } = experiment
    const task = offerOf(name).make({ seed, text, ...(material.digits && { digits: material.digits }) })
    const run = new TrainingRun(
      {
        model: configFor(network, task),
        data: task.data(),
        loss: task.loss,
        seed,
        steps: endless,
        optimizer: { type: 'adam', learningRate },
        ...(clip > 0 && { clip: { norm: clip } }),
        ...(material.checkpoint && { checkpoint: material.checkpoint }),
      },
      { backend: backend({ threads: 1 }), paused: true },
    )
    this.#run = run
    this.#experiment = experiment
    this.#task = task
    run
      .start(async (report) => {
        if (run !== this.#run) return
        await tell({ report })
        if (performance.now() < this.#next) return
        await tell({ look: await this.look() })
        this.#next = performance.now() + pause
      })
      .catch((error: unknown) => tell({ fault: error instanceof Error ? error.message : String(error) }))
    return { parameters: countParameters(run.model.params), engine: run.model.backend.describe() }
  }

  /** Goes on; with `single`, by one step. */
  go(single: boolean): void {
    this.#next = single ? 0 : this.#next
    this.#run?.resume({ single })
  }

  /** Waits before the next step. */
  pause(): void {
    this.#run?.pause()
  }

  /** Changes the learning rate, from the next step on. */
  setLearningRate(learningRate: number): void {
    if (this.#run) this.#run.learningRate = learningRate
  }

  /** Changes how gradients are clipped, from the next step on. */
  setClip(clip: number): void {
    if (this.#run) this.#run.clip = clip > 0 ? { norm: clip } : undefined
  }

  /** Looks into the network; with `another`, while it reads something else than before. */
  look(another = false): Promise<Look> {
    if (another) this.#turn++
    return lookInto(this.#run!.model, this.#experiment!.task, this.#task!, this.#turn)
  }

  /** How likely the network holds each digit to be. */
  classify(pixels: readonly number[]): number[] {
    return probabilities(this.#run!.model, pixels)
  }

  /** All that is needed to continue later. */
  checkpoint(): Promise<Uint8Array | undefined> {
    return this.#run!.checkpoint()
  }

  /** The network as a file. */
  async export(kind: ExportKind): Promise<Uint8Array | string> {
    const { model } = this.#run!
    if (kind === 'safetensors') return this.#run!.parameters()
    if (kind === 'onnx') return (await import('recurra/onnx')).exportOnnx(model as unknown as Sequential)
    return standAlonePage(
      exportJavascript(model as unknown as Sequential),
      this.#task!.symbols,
      model.in.kind === 'tokens',
    )
  }
}
