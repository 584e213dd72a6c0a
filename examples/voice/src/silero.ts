import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { importModel, type Backend, type Sequential, type Stream } from 'recurra'
import { sampleRate } from './wave.ts'

/** The samples of a chunk, and those of the chunk before that the network hears again. */
export const [chunk, context] = [512, 64]

/** The versions that the npm package has as streams. */
export type Version = 'v5' | 'v6'

/** Silero VAD (MIT), as the npm package @ricky0123/vad-web brings it along: an ONNX file. */
export const sileroFile = (version: Version): Uint8Array =>
  readFileSync(createRequire(import.meta.url).resolve(`@ricky0123/vad-web/dist/silero_vad_${version}.onnx`))

/** Its layers: the network for 16 kHz out of two, for chunks with their context. */
export const silero = (version: Version, backend?: Backend): Promise<Sequential> => importModel(sileroFile(version), {
  inputs: { sr: sampleRate },
  shapes: { input: [1, context + chunk] },
  ...(backend && { backend }),
})

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
