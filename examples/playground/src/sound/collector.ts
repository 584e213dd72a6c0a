// Runs where sound is made, in an AudioWorklet: hands samples on, and sends them to the page in chunks.
declare const registerProcessor: (name: string, processor: new (options: Settings) => AudioWorkletProcessor) => void
declare class AudioWorkletProcessor {
  readonly port: MessagePort
}
interface Settings {
  readonly processorOptions: { readonly chunk: number }
}

class Collector extends AudioWorkletProcessor {
  readonly #chunk: Float32Array<ArrayBuffer>
  #filled = 0

  constructor({ processorOptions: { chunk } }: Settings) {
    super()
    this.#chunk = new Float32Array(chunk)
  }

  /** The samples of a few milliseconds; none before a source plays. */
  process(inputs: readonly Float32Array[][], outputs: readonly Float32Array[][]): boolean {
    const samples = inputs[0]?.[0]
    if (!samples) return true
    outputs[0]?.[0]?.set(samples)
    for (const sample of samples) {
      this.#chunk[this.#filled++] = sample
      if (this.#filled < this.#chunk.length) continue
      this.port.postMessage(this.#chunk.slice())
      this.#filled = 0
    }
    return true
  }
}
registerProcessor('collector', Collector)
