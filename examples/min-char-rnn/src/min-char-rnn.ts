import {
  adagrad, characters, dense, javascript, namedVariables, oneHot, Random, rnn, sequential, softmaxCrossEntropy, Trainer,
  type Corpus, type Sequential,
} from 'recurra'

/**
 * min-char-rnn (Andrej Karpathy): 1-of-k input, tanh, softmax cross-entropy summed over 25 characters, backpropagation
 * through all of them, gradients clipped to [-5, 5], Adagrad, and the state carried from window to window.
 */
export class MinCharRnn {
  readonly data: Corpus
  readonly model: Sequential
  readonly trainer: Trainer
  readonly #steps: number
  readonly #random: Random
  iteration = 0
  /** The character at which the next window begins. */
  p = 0
  smoothLoss: number

  constructor(text: string, { hidden = 100, steps = 25, seed = 1 } = {}) {
    this.data = characters(text)
    this.model = sequential(this.data.tokens, [oneHot(), rnn(hidden, { biases: 1 }), dense(this.data.size)], {
      backend: javascript({ dtype: 'float64' }),
    })
    this.trainer = new Trainer(this.model, {
      loss: softmaxCrossEntropy({ reduction: 'sum' }),
      optimizer: adagrad({ learningRate: 0.1, epsilon: 1e-8, epsilonInside: true }),
      clip: { value: 5 },
      steps,
      batch: 1,
      carry: true,
    })
    this.smoothLoss = Math.log(this.data.size) * steps
    this.#steps = steps
    this.#random = new Random(seed)
    for (const [path, { value }] of namedVariables(this.model.params))
      // weights from N(0, 0.01²), biases 0
      this.model.backend.write(
        value,
        Array.from(value.data, () => (path.endsWith('bias') ? 0 : this.#random.normal(0, 0.01))),
      )
  }

  /** Learns from the next window; answers with its loss, in nats over all its characters. */
  step(): number {
    this.#seek()
    const window = (from: number): Int32Array => this.data.encoded.subarray(from, from + this.#steps)
    const loss = this.trainer.step({ x: window(this.p), target: window(this.p + 1) })
    this.smoothLoss = this.smoothLoss * 0.999 + loss * 0.001
    this.p += this.#steps
    this.iteration++
    return loss
  }

  /**
   * Goes on from where training stands, each character chosen from the probabilities of all. Training notices nothing
   * of it.
   */
  sample(
    length: number,
    choose: (probabilities: readonly number[]) => number = (probabilities) => this.#random.choice(probabilities),
  ): string {
    this.#seek()
    const { backend } = this.model
    const stream = this.model.stream()
    const state = namedVariables(stream.frame.initial)
    namedVariables(this.trainer.frame.initial).forEach(([, { value }], i) =>
      backend.write(state[i]![1].value, backend.read(value)),
    )
    let token = this.data.encoded[this.p]!
    return this.data.decode(Array.from({ length }, () => (token = choose(softmax(backend.read(stream.step(token)))))))
  }

  /** Back to the start, with nothing remembered, when the text has no whole window left. */
  #seek(): void {
    if (this.iteration > 0 && this.p + this.#steps + 1 < this.data.encoded.length) return
    this.trainer.resetState()
    this.p = 0
  }
}

const softmax = (scores: ArrayLike<number>): number[] => {
  const powers = Array.from(scores, Math.exp)
  const sum = powers.reduce((a, b) => a + b)
  return powers.map((power) => power / sum)
}
