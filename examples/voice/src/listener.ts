import type { Sequential, Stream } from 'recurra'
import { sampleRate } from './wave.ts'

/** The samples of a chunk, and those of the chunk before that the network hears again. */
export const [chunk, context] = [512, 64]

/** What to import of Silero VAD: the network for 16 kHz out of two, for chunks with their context. */
export const sileroGraph = { inputs: { sr: sampleRate }, shapes: { input: [1, context + chunk] } } as const

/** Hears one chunk after the other, and says how likely it is speech, from 0 to 1. */
export class Listener {
  readonly #stream: Stream
  readonly #heard = new Float32Array(context + chunk)

  constructor(model: Sequential) {
    this.#stream = model.stream()
  }

  /** The samples of the next chunk: [512]. */
  hear(samples: Float32Array): number {
    this.#heard.copyWithin(0, chunk)
    this.#heard.set(samples, context)
    const { data, offset } = this.#stream.step(this.#heard)
    return data[offset]!
  }
}
