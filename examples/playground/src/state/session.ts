import * as comlink from 'comlink'
import { fetchDigits } from '../tasks/digits.ts'
import { tour } from '../tour/tour.ts'
import { chooseLanguage, wordsOf, type Language, type Words } from '../words/words.ts'
import type { Experiment, Material, News } from '../worker/messages.ts'
import type { Services } from '../worker/main.ts'
import { emptyCurve, extend } from './curve.ts'
import { Keeping } from './keeping.ts'
import { Listening } from './listening.ts'
import { withMeasure } from './measures.ts'
import { withExperiment, type Span, type State } from './state.ts'
import type { Store } from './store.ts'

/** A training that nobody asked for ends after this many steps, so that a forgotten page comes to rest. */
const unaskedSteps = 3000

/** All that a person can do here, and what becomes of it: between the page and the worker. */
export class Session {
  readonly store: Store<State>
  readonly services: comlink.Remote<Services>
  /** Links, saves and downloads; and the voice. */
  readonly keeping: Keeping = new Keeping(this)
  readonly listening: Listening = new Listening(this)
  #opened = 0
  #unasked = false

  constructor(store: Store<State>, services: comlink.Remote<Services>) {
    this.store = store
    this.services = services
  }

  get words(): Words {
    return wordsOf(this.store.state.language)
  }

  /** Starts over, to learn something else or with something else; with `goOn`, goes on training if it was. */
  change(change: Partial<Experiment>, { goOn = false }: { readonly goOn?: boolean } = {}): void {
    const running = this.store.state.phase === 'running'
    this.#opened++
    void this.services.training.pause()
    this.store.replace(withExperiment(this.store.state, change))
    if (goOn && running) void this.train()
  }

  /** Trains; builds the network first where there is none. Without a person who asked for it, it stops some time. */
  train({ unasked = false } = {}): Promise<void> {
    this.#unasked = unasked
    return this.attempt(async () => {
      if (!(await this.open())) return
      this.store.set({ phase: 'running' })
      await this.services.training.resume(false)
    })
  }

  /** Takes a single step. */
  step(): Promise<void> {
    return this.attempt(async () => {
      if (!(await this.open())) return
      this.store.set({ phase: 'paused' })
      await this.services.training.resume(true)
    })
  }

  /** Waits. */
  async pause(): Promise<void> {
    this.store.set({ phase: 'paused' })
    await this.services.training.pause()
  }

  /** Changes the learning rate while it trains. */
  setLearningRate(learningRate: number): void {
    this.store.set({ experiment: { ...this.store.state.experiment, learningRate } })
    void this.services.training.setLearningRate(learningRate)
  }

  /** Changes the clipping while it trains. */
  setClip(clip: number): void {
    this.store.set({ experiment: { ...this.store.state.experiment, clip } })
    void this.services.training.setClip(clip)
  }

  /** Looks at another sequence. */
  another(): Promise<void> {
    return this.attempt(async () => {
      const { selected: _, found: __, ...rest } = this.store.state
      this.store.replace({ ...rest, time: 0 })
      this.store.set({ look: await this.services.training.look(true) })
    })
  }

  /** Selects steps of a sequence, or none. */
  select(selected: Span | undefined): void {
    const { selected: _, found: __, ...rest } = this.store.state
    this.store.replace({ ...rest, ...(selected && { selected }) })
  }

  /** Finds where else the units of the selected steps are active together. */
  find(): Promise<void> {
    const { selected, layer } = this.store.state
    return this.attempt(async () =>
      selected && this.store.set({ found: await this.services.training.find({ ...selected, layer }) }))
  }

  /** Writes a text from the prompt. */
  write(): Promise<void> {
    const { prompt, temperature, standing } = this.store.state
    return this.attempt(async () => {
      const sample = await this.services.training.write({ prompt, temperature, seed: (standing?.step ?? 0) + 1 })
      const { look } = this.store.state
      if (look) this.store.set({ look: { ...look, sample } })
    })
  }

  /** Reads a drawing. */
  classify(pixels: readonly number[]): Promise<void> {
    return this.attempt(async () => this.store.set({ drawn: await this.services.training.classify(pixels) }))
  }

  /** Trains on the GPU, or on the processor: starts over, for the numbers differ in their last digits. */
  setGpu(gpu: boolean): void {
    this.store.set({ gpu })
    this.change({}, { goOn: true })
  }

  /** Speaks another language. */
  setLanguage(language: Language): void {
    chooseLanguage(language)
    this.store.set({ language })
  }

  /** Goes to a step of the tour, or ends it. */
  goOnTour(at: number | undefined): void {
    const { tour: _, ...rest } = this.store.state
    const stop = at === undefined ? undefined : tour[at]
    this.store.replace({ ...rest, ...(stop && { tour: at!, unrolled: stop.unrolled }) })
    if (!stop) return
    this.change(stop.experiment)
    void this.train()
  }

  /** Builds the network unless it is there; whether it is, and nothing else was asked for meanwhile. */
  async open(material: Material = {}): Promise<boolean> {
    const { phase, experiment, gpu } = this.store.state
    if (phase !== 'new') return true
    const mine = ++this.#opened
    const digits = experiment.task === 'digits' ? await fetchDigits(this.words.notices.digits) : undefined
    const tell = comlink.proxy(async (news: News): Promise<void> => {
      if (mine === this.#opened) this.#hear(news)
    })
    const built = await this.services.training.open(experiment, { gpu, ...(digits && { digits }), ...material }, tell)
    if (!built || mine !== this.#opened) return false
    this.store.set({ ...built, curve: emptyCurve, measures: [] })
    if (gpu && !built.gpu) this.store.set({ notice: this.words.notices.noGpu })
    return true
  }

  #hear(news: News): void {
    if ('look' in news) return this.store.set({ look: news.look })
    if ('measure' in news) return this.store.set({ measures: withMeasure(this.store.state.measures, news.measure) })
    if ('fault' in news) return this.store.set({ phase: 'new', notice: news.fault })
    const { report: { step, epoch, loss, itemsPerSecond, losses, gradientNorms } } = news
    const gradientNorm = Math.max(...gradientNorms) // since the last report: an explosion lasts one step
    this.store.set({
      standing: { step, epoch, loss, gradientNorm, itemsPerSecond },
      curve: extend(this.store.state.curve, losses),
    })
    if (!this.#unasked || step < unaskedSteps || this.store.state.phase !== 'running') return
    void this.pause()
    this.store.set({ notice: this.words.notices.paused(step.toLocaleString('en')) })
  }

  /** Does something; what goes wrong becomes a notice. */
  async attempt(act: () => Promise<unknown>): Promise<void> {
    try {
      await act()
    } catch (error) {
      this.store.set({ notice: error instanceof Error ? error.message : String(error) })
    }
  }
}
