import { chunk, Listener, sileroGraph } from '@recurra/example-voice/listener'
import { backend, countParameters, type Sequential } from 'recurra'

/** What listens: its size, and what computes it. */
export interface Detector {
  readonly parameters: number
  readonly engine: string
}

/** What was heard in a chunk of samples. */
export interface Heard {
  /** How likely it is speech, from 0 to 1. */
  readonly probability: number
  readonly milliseconds: number
}

/** Listens with a network that others have trained; it lives in the worker of the page. */
export class VoiceService {
  #model: Sequential | undefined
  #listener: Listener | undefined

  /** Imports the network from its file, unless it is there, and listens from the beginning. */
  async open(file: Uint8Array): Promise<Detector> {
    const processor = backend({ threads: 1 })
    const { importOnnx } = await import('recurra/onnx')
    const model = (this.#model ??= importOnnx(file, { ...sileroGraph(), backend: processor }))
    this.restart()
    this.#listener!.hear(new Float32Array(chunk)) // compiles the kernels
    this.restart()
    return { parameters: countParameters(model.params), engine: processor.describe() }
  }

  /** Forgets what was heard. */
  restart(): void {
    this.#listener = this.#model && new Listener(this.#model)
  }

  /** Hears the next chunk. */
  hear(samples: Float32Array): Heard {
    const start = performance.now()
    const probability = this.#listener!.hear(samples)
    return { probability, milliseconds: performance.now() - start }
  }
}
