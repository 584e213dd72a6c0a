import { backend, countParameters, exportJavascript, type Backend, type Sequential } from 'recurra'
import { TrainingRun } from 'recurra/worker'
import { configFor } from '../network/config.ts'
import { offerOf } from '../tasks/offers.ts'
import type { Task } from '../tasks/task.ts'
import { trainingData } from '../tasks/training-data.ts'
import type { Look, Match } from './look.ts'
import { lookInto, probabilities, write, type Writing } from './looking.ts'
import { measureWith } from './measuring.ts'
import type { Built, Experiment, ExportKind, Material, News } from './messages.ts'
import { packParameters, unpackParameters } from './packed-parameters.ts'
import { findPattern, type Pattern } from './patterns.ts'
import { standAlonePage, type PageWords } from './stand-alone-page.ts'

/** Milliseconds between two looks into the network, and between two measurements: both cost a little time. */
const [betweenLooks, betweenMeasures] = [400, 1000]
/** So many steps that nobody waits for the last. */
const endless = 1e9

/** The GPU, or what stands in for it where there is none. */
const findGpu = async (): Promise<Backend> => (await import('recurra/webgpu')).webgpu({ fallback: 'webassembly' })

/** Trains a network: it lives in a worker, and the page calls it through comlink. */
export class TrainingService {
  #run: TrainingRun | undefined
  #experiment: Experiment | undefined
  #task: Task | undefined
  #turn = 0
  #nextLook = 0
  #nextMeasure = 0
  #writing: Writing = { prompt: '', temperature: 0.7, seed: 1 }
  #gpu: Backend | undefined
  #opened = 0
  readonly #findGpu: () => Promise<Backend>

  constructor(find: () => Promise<Backend> = findGpu) {
    this.#findGpu = find
  }

  /** Builds the network of an experiment, and waits. Nothing is built if another was asked for meanwhile. */
  async open(
    experiment: Experiment,
    { digits, checkpoint, packed, gpu = false }: Material,
    tell: (news: News) => Promise<void>,
  ): Promise<Built | undefined> {
    this.#run?.abort()
    const mine = ++this.#opened
    const machine = gpu ? (this.#gpu ??= await this.#findGpu()) : backend({ threads: 1 })
    if (mine !== this.#opened) return undefined
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
      { backend: machine, paused: true },
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
      .catch((error: unknown) => {
        this.#gpu = undefined // it may be lost; the next training looks for one again
        return tell({ fault: error instanceof Error ? error.message : String(error) })
      })
    const parameters = countParameters(run.model.params)
    return { parameters, engine: machine.describe(), gpu: machine.answersLater === true }
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
  async look(another = false): Promise<Look> {
    if (another) this.#turn++
    const [{ task: name }, task] = [this.#experiment!, this.#task!]
    return lookInto(await this.#run!.readable(), name, task, { turn: this.#turn, writing: this.#writing })
  }

  /** Writes a text from a prompt; further looks write like this, too. */
  async write(writing: Writing): Promise<string> {
    this.#writing = writing
    return write(await this.#run!.readable(), this.#task!.symbols!, writing)
  }

  /** Where else the units that are active over some steps are active together. */
  async find(
    pattern: Pattern,
  ): Promise<{ readonly units: readonly number[]; readonly matches: readonly Match[] }> {
    return findPattern(await this.#run!.readable(), this.#task!, this.#turn, pattern)
  }

  /** How likely the network thinks each digit is. */
  async classify(pixels: readonly number[]): Promise<number[]> {
    return probabilities(await this.#run!.readable(), pixels)
  }

  /** All that is needed to resume later. */
  checkpoint(): Promise<Uint8Array | undefined> {
    return this.#run!.checkpoint()
  }

  /** The parameters, small enough for a link. */
  async pack(): Promise<Uint8Array> {
    return packParameters(await this.#run!.parameters())
  }

  /** The network as a file. */
  async export(kind: ExportKind, words: PageWords): Promise<Uint8Array | string> {
    if (kind === 'safetensors') return this.#run!.parameters()
    const model = await this.#run!.readable()
    if (kind === 'onnx') return (await import('recurra/onnx')).exportOnnx(model as unknown as Sequential)
    const file = exportJavascript(model as unknown as Sequential)
    return standAlonePage(file, { task: this.#task!, input: model.in, probe: this.#task!.probe(this.#turn), words })
  }
}
