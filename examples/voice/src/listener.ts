import type { Sequential, Stream } from 'recurra'
import { sampleRate } from './wave.ts'

/** The samples of a chunk, and those of the chunk before that the network hears again. */
export const [chunk, context] = [512, 64]

/** What a network hears at a time: new samples, and before them some of the chunk before. */
export interface Hearing {
  readonly chunk: number
  readonly context: number
}

/** What to import of Silero VAD: the network for 16 kHz out of two, for chunks with their context. */
export const sileroGraph = (of: Hearing = { chunk, context }) =>
  ({ inputs: { sr: sampleRate }, shapes: { input: [1, of.context + of.chunk] } })

/** Hears one chunk after the other, and says how likely it is speech, from 0 to 1. */
export class Listener {
  readonly #stream: Stream
  readonly #heard: Float32Array
  readonly #hearing: Hearing

  constructor(model: Sequential, hearing: Hearing = { chunk, context }) {
    this.#stream = model.stream()
    this.#hearing = hearing
    this.#heard = new Float32Array(hearing.context + hearing.chunk)
  }

  /** The samples of the next chunk. */
  hear(samples: Float32Array): number {
    this.#heard.copyWithin(0, this.#hearing.chunk)
    this.#heard.set(samples, this.#hearing.context)
    const { data, offset } = this.#stream.step(this.#heard)
    return data[offset]!
  }
}
