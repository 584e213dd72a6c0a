import * as comlink from 'comlink'
import type { Experiment, News, ExportKind, TrainingService } from '../worker/training-service.ts'
import { emptyCurve, extend } from './curve.ts'
import { keep, kept } from './saves.ts'
import { fragmentOf } from './share.ts'
import { withExperiment, type State } from './state.ts'
import type { Store } from './store.ts'

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** All that a person can do here, and what becomes of it: between the page and the worker. */
export class Session {
  readonly store: Store<State>
  readonly #room: comlink.Remote<TrainingService>
  #opened = 0

  constructor(store: Store<State>, worker: Worker) {
    this.store = store
    this.#room = comlink.wrap<TrainingService>(worker)
  }

  /** Something else is to be learned, or by something else. */
  change(change: Partial<Experiment>): void {
    this.#opened++
    void this.#room.pause()
    this.store.replace(withExperiment(this.store.state, change))
  }

  /** Learns on; builds the network first where there is none. */
  train(): Promise<void> {
    return this.#try(async () => {
      if (!(await this.#open())) return
      this.store.set({ phase: 'running' })
      await this.#room.go(false)
    })
  }

  /** Takes a single step. */
  step(): Promise<void> {
    return this.#try(async () => {
      if (!(await this.#open())) return
      this.store.set({ phase: 'paused' })
      await this.#room.go(true)
    })
  }

  /** Waits. */
  async pause(): Promise<void> {
    this.store.set({ phase: 'paused' })
    await this.#room.pause()
  }

  /** Forgets all that was learned. */
  reset(): void {
    this.change({})
  }

  /** Changes the learning rate on the way. */
  setLearningRate(learningRate: number): void {
    this.store.set({ experiment: { ...this.store.state.experiment, learningRate } })
    void this.#room.setLearningRate(learningRate)
  }

  /** Changes the clip on the way. */
  setClip(clip: number): void {
    this.store.set({ experiment: { ...this.store.state.experiment, clip } })
    void this.#room.setClip(clip)
  }

  /** Looks at another sequence. */
  another(): Promise<void> {
    return this.#try(async () => this.store.set({ look: await this.#room.look(true) }))
  }

  /** What the network takes a drawing for. */
  classify(pixels: readonly number[]): Promise<void> {
    return this.#try(async () => this.store.set({ drawn: await this.#room.classify(pixels) }))
  }

  /** Keeps the training in this browser. */
  save(): Promise<void> {
    return this.#try(async () => {
      const checkpoint = await this.#room.checkpoint()
      const { experiment, curve, standing } = this.store.state
      if (!checkpoint || !standing) return this.store.set({ notice: 'There is nothing to keep before the first step.' })
      await keep({ experiment, standing, curve, checkpoint })
      this.store.set({ kept: true, notice: 'Kept in this browser.' })
    })
  }

  /** Goes back to what was kept, and waits there. */
  load(): Promise<void> {
    return this.#try(async () => {
      const save = await kept()
      if (!save) return
      this.change(save.experiment)
      if (!(await this.#open(save.checkpoint))) return
      const look = await this.#room.look()
      this.store.set({
        phase: 'paused',
        curve: save.curve,
        standing: save.standing,
        look,
        notice: 'Loaded. Train continues from there.',
      })
    })
  }

  /** Puts an address that leads here into the clipboard, and into the bar. */
  share(): Promise<void> {
    return this.#try(async () => {
      history.replaceState(null, '', `#${fragmentOf(this.store.state.experiment)}`)
      await navigator.clipboard?.writeText(location.href).catch(() => {})
      this.store.set({ notice: 'The address of this page now holds the task, the network and the seed. It is copied.' })
    })
  }

  /** Gives the network as a file. */
  download(kind: ExportKind): Promise<void> {
    return this.#try(async () => {
      const file = await this.#room.export(kind)
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob([file as BlobPart]))
      link.download = `playground.${kind}`
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 1000)
      this.store.set({ notice: `Downloaded ${link.download}.` })
    })
  }

  /** Builds the network unless it is there; whether it is, and still wanted. */
  async #open(checkpoint?: Uint8Array): Promise<boolean> {
    const { phase, experiment } = this.store.state
    if (phase !== 'new') return true
    const mine = ++this.#opened
    const digits = experiment.task === 'digits' ? await digitsFile() : undefined
    const tell = async (news: News): Promise<void> => {
      if (mine === this.#opened) this.#hear(news)
    }
    const built = await this.#room.open(
      experiment,
      { ...(digits && { digits }), ...(checkpoint && { checkpoint }) },
      comlink.proxy(tell),
    )
    if (mine !== this.#opened) return false
    this.store.set({ ...built, curve: emptyCurve })
    return true
  }

  #hear(news: News): void {
    if ('look' in news) return this.store.set({ look: news.look })
    if ('fault' in news) return this.store.set({ phase: 'new', notice: news.fault })
    const { report: { step, epoch, loss, gradientNorm, itemsPerSecond, losses } } = news
    this.store.set({
      standing: { step, epoch, loss, gradientNorm, itemsPerSecond },
      curve: extend(this.store.state.curve, losses),
    })
  }

  async #try(act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (error) {
      this.store.set({ notice: sentence(error) })
    }
  }
}

const digitsFile = async (): Promise<Uint8Array> => {
  const answer = await fetch('digits.bin')
  if (!answer.ok) throw new Error('The digits could not be loaded. Reload the page when you are online again.')
  return new Uint8Array(await answer.arrayBuffer())
}
