import { backend, countParameters, exportJavascript, type Sequential } from 'recurra'
import { TrainingRun, type ProgressReport } from 'recurra/worker'
import { configFor } from '../network/config.ts'
import type { Network } from '../network/network.ts'
import { offerOf, type TaskName } from '../tasks/offers.ts'
import type { Task } from '../tasks/task.ts'
import { trainingData, type DataSettings } from '../tasks/training-data.ts'
import type { Look, Match, Measure } from './look.ts'
import { lookInto, probabilities, write, type Writing } from './looking.ts'
import { measureWith } from './measuring.ts'
import { packParameters, unpackParameters } from './packed-parameters.ts'
import { findPattern, type Pattern } from './patterns.ts'
import { standAlonePage, type PageWords } from './stand-alone-page.ts'

/** What is to be learned, by what, and how. */
export interface Experiment extends DataSettings {
  readonly task: TaskName
  readonly text: string
  readonly network: Network
  readonly seed: number
  readonly optimizer: 'adam' | 'sgd'
  readonly learningRate: number
  /** The largest gradient norm before clipping; 0 clips nothing. */
  readonly clip: number
  /** The fraction of units that are dropped before the last layers, from 0 to 0.8. */
  readonly dropout: number
}

/** What an experiment starts from, where it does not start from its seed. */
export interface Material {
  readonly digits?: Uint8Array
  readonly checkpoint?: Uint8Array
  /** Parameters as `pack` made them. */
  readonly packed?: Uint8Array
}

/** What the page hears while it trains. */
export type News =
  | { readonly report: ProgressReport }
  | { readonly look: Look }
  | { readonly measure: Measure }
  | { readonly fault: string }

/** The formats of a download. */
export type ExportKind = 'safetensors' | 'onnx' | 'html'

/** Milliseconds between two looks into the network, and between two measurements: both cost a little time. */
const [betweenLooks, betweenMeasures] = [400, 1000]
/** So many steps that nobody waits for the last. */
const endless = 1e9

/** Trains a network: it lives in a worker, and the page calls it through comlink. */
export class TrainingService {
  #run: TrainingRun | undefined
  #experiment: Experiment | undefined
  #task: Task | undefined
  #turn = 0
  #nextLook = 0
  #nextMeasure = 0
  #writing: Writing = { prompt: '', temperature: 0.7, seed: 1 }

  /** Builds the network of an experiment, from its seed or from the material, and waits. */
  open(
    experiment: Experiment,
    { digits, checkpoint, packed }: Material,
    tell: (news: News) => Promise<void>,
  ): { readonly parameters: number; readonly engine: string } {
    this.#run?.abort()
    const { task: name, text, network, seed, learningRate, clip, optimizer, dropout } = experiment
    const task = offerOf(name).make({ seed, text, ...(digits && { digits }) })
    const run = new TrainingRun(
      {
        model: configFor(network, task, dropout),
        data: trainingData(task, experiment),
        loss: task.loss,
        seed,
        steps: endless,
        optimizer: { type: optimizer, learningRate },
        ...(clip > 0 && { clip: { norm: clip } }),
        ...(checkpoint && { checkpoint }),
        ...(packed && { parameters: unpackParameters(packed) }),
      },
      { backend: backend({ threads: 1 }), paused: true },
    )
    const measure = measureWith(run.model, task)
    this.#run = run
    this.#experiment = experiment
    this.#task = task
    this.#nextMeasure = 0
    run
      .start(async (report) => {
        if (run !== this.#run) return
        await tell({ report })
        if (performance.now() >= this.#nextMeasure) {
          await tell({ measure: await measure(report.step) })
          this.#nextMeasure = performance.now() + betweenMeasures
        }
        if (performance.now() < this.#nextLook) return
        await tell({ look: await this.look() })
        this.#nextLook = performance.now() + betweenLooks
      })
      .catch((error: unknown) => tell({ fault: error instanceof Error ? error.message : String(error) }))
    return { parameters: countParameters(run.model.params), engine: run.model.backend.describe() }
  }

  /** Continues; with `single`, by one step. */
  resume(single: boolean): void {
    if (single) this.#nextLook = this.#nextMeasure = 0
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

  /** Looks into the network; with `another`, while it reads another sequence. */
  look(another = false): Promise<Look> {
    if (another) this.#turn++
    return lookInto(this.#run!.model, this.#experiment!.task, this.#task!, { turn: this.#turn, writing: this.#writing })
  }

  /** Writes a text from a prompt; further looks write like this, too. */
  write(writing: Writing): Promise<string> {
    this.#writing = writing
    return write(this.#run!.model, this.#task!.symbols!, writing)
  }

  /** Where else the units that are active over some steps are active together. */
  find(pattern: Pattern): { readonly units: readonly number[]; readonly matches: readonly Match[] } {
    return findPattern(this.#run!.model, this.#task!, this.#turn, pattern)
  }

  /** How likely the network thinks each digit is. */
  classify(pixels: readonly number[]): number[] {
    return probabilities(this.#run!.model, pixels)
  }

  /** All that is needed to resume later. */
  checkpoint(): Promise<Uint8Array | undefined> {
    return this.#run!.checkpoint()
  }

  /** The parameters, small enough for a link. */
  pack(): Uint8Array {
    return packParameters(this.#run!.parameters())
  }

  /** The network as a file. */
  async export(kind: ExportKind, words: PageWords): Promise<Uint8Array | string> {
    const { model } = this.#run!
    if (kind === 'safetensors') return this.#run!.parameters()
    if (kind === 'onnx') return (await import('recurra/onnx')).exportOnnx(model as unknown as Sequential)
    const file = exportJavascript(model as unknown as Sequential)
    return standAlonePage(file, { task: this.#task!, input: model.in, probe: this.#task!.probe(this.#turn), words })
  }
}
