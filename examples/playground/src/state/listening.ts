import { SpeechFinder } from '@recurra/example-voice/speech'
import { samplesOf } from '@recurra/example-voice/wave'
import * as comlink from 'comlink'
import { listenToMicrophone, playRecording, type Sound } from '../sound/sound.ts'
import type { Session } from './session.ts'
import { peaksOf, silence, withHeard, type Voice, type VoiceSource } from './voice.ts'

/** What a person can do with a voice: listen to the recording or to the microphone, and pause. */
export class Listening {
  readonly #session: Session
  #recording: Float32Array<ArrayBuffer> | undefined
  #sound: Sound | undefined
  #finder = new SpeechFinder()
  /** The chunks that wait for the worker, which hears one after the other. */
  #queue: Promise<void> = Promise.resolve()
  #turn = 0

  constructor(session: Session) {
    this.#session = session
  }

  /** Loads the network and the recording, which nobody needs before. */
  open(): Promise<void> {
    return this.#session.attempt(async () => {
      const turn = await this.#start('recording', 'loading')
      const { voice: { offline } } = this.#session.words
      const [silero, speech] = await Promise.all(['silero.onnx', 'speech.wav'].map((name) => bytesOf(name, offline)))
      this.#recording = samplesOf(speech!) as Float32Array<ArrayBuffer>
      const detector = await this.#session.services.voice.open(comlink.transfer(silero!, [silero!.buffer]))
      if (turn === this.#turn)
        this.#session.store.set({ voice: { ...silence('recording', peaksOf(this.#recording)), detector } })
    })
  }

  /** Ends it. */
  async close(): Promise<void> {
    this.#turn++
    const { voice: _, ...rest } = this.#session.store.state
    this.#session.store.replace(rest)
    await this.#silence()
  }

  /** Listens to something else, from its beginning. */
  async choose(source: VoiceSource): Promise<void> {
    await this.#start(source, 'ready')
  }

  /** Listens on, or from the beginning; training waits meanwhile. */
  async start(): Promise<void> {
    const { phase, voice } = this.#session.store.state
    if (!voice) return
    if (phase === 'running') void this.#session.pause()
    if (voice.phase === 'paused') {
      this.#set({ phase: 'running' })
      return this.#sound?.play()
    }
    const turn = await this.#start(voice.source, 'loading')
    try {
      const hear = (samples: Float32Array): void => this.#hear(samples, turn)
      const open = voice.source === 'recording' ? playRecording(this.#recording!, hear) : listenToMicrophone(hear)
      const sound = await open
      if (turn !== this.#turn) return await sound.close()
      this.#sound = sound
      this.#set({ phase: 'running' })
      await sound.play()
    } catch (error) {
      if (turn === this.#turn) this.#set({ phase: 'ready', refusal: this.#reasonFor(error) })
    }
  }

  /** Waits. */
  async pause(): Promise<void> {
    this.#set({ phase: 'paused' })
    await this.#sound?.pause()
  }

  /** Starts over; returns the number of this start. */
  async #start(source: VoiceSource, phase: Voice['phase']): Promise<number> {
    const turn = ++this.#turn
    const { voice } = this.#session.store.state
    const peaks = source === 'recording' && this.#recording ? peaksOf(this.#recording) : []
    this.#session.store.set({
      voice: { ...silence(source, peaks), phase, ...(voice?.detector && { detector: voice.detector }) },
    })
    this.#finder = new SpeechFinder()
    await this.#silence()
    await this.#queue
    if (voice?.detector) await this.#session.services.voice.restart()
    return turn
  }

  async #silence(): Promise<void> {
    const sound = this.#sound
    this.#sound = undefined
    await sound?.close()
  }

  #hear(samples: Float32Array, turn: number): void {
    this.#queue = this.#queue.then(async () => {
      if (turn !== this.#turn) return
      const heard = await this.#session.services.voice.hear(samples)
      const { voice } = this.#session.store.state
      if (turn !== this.#turn || !voice) return
      const after = withHeard(voice, heard, samples, this.#finder.next(heard.probability))
      const isOver = after.source === 'recording' && 4 * after.heard >= after.peaks.length
      this.#session.store.set({ voice: isOver ? ended(after, this.#finder) : after })
      if (isOver) await this.#silence()
    })
  }

  #set(change: Partial<Voice>): void {
    const { voice } = this.#session.store.state
    if (voice) this.#session.store.set({ voice: { ...voice, ...change } })
  }

  /** Why there is no sound, in words. */
  #reasonFor(error: unknown): string {
    const { voice: { denied, none, secure, failed } } = this.#session.words
    if (!isSecureContext) return secure
    const name = error instanceof Error ? error.name : ''
    if (name === 'NotAllowedError') return denied
    return name === 'NotFoundError' ? none : failed(error instanceof Error ? error.message : String(error))
  }
}

const ended = (voice: Voice, { last }: SpeechFinder): Voice => {
  const { began: _, ...rest } = voice
  return { ...rest, phase: 'ended', spans: last ? [...voice.spans, last] : voice.spans }
}

/** A file beside the page; `offline` is what to say where it cannot be had. */
const bytesOf = async (name: string, offline: string): Promise<Uint8Array<ArrayBuffer>> => {
  const answer = await fetch(name).catch(() => undefined)
  if (!answer?.ok) throw new Error(offline)
  return new Uint8Array(await answer.arrayBuffer())
}
