import { dense, sequential, type Sequential, type SequentialOptions, type Slots, type Stream } from '@recurra/layers'
import { option, options, type Tensor, type TensorLike } from '@recurra/tensor'
import { rnn } from './cells/rnn.ts'

/** The sizes of the three vectors of a vanilla RNN. */
export interface VanillaSizes {
  /** Of x. */
  readonly input: number
  /** Of h. */
  readonly hidden: number
  /** Of y. */
  readonly output: number
}

/**
 * The network of most introductions: a hidden state h, and a step that reads x and returns y,
 *
 * $$ h \leftarrow \tanh(W_{hh}h + W_{xh}x) \qquad y = W_{hy}h $$
 *
 * It wraps a model of two layers, `rnn` and `dense` without biases, and its stream. To train it, train `model`.
 *
 * ```ts
 * import { VanillaRNN } from 'recurra'
 *
 * const rnn1 = new VanillaRNN({ input: 4, hidden: 8, output: 3 })
 * const rnn2 = new VanillaRNN({ input: 3, hidden: 8, output: 2 })
 * const y1 = rnn1.step([1, 0, 0, 0])
 * const y = rnn2.step(y1) // going deep
 * console.log(y.shape) // [1, 2]
 * ```
 */
export class VanillaRNN {
  /**
   * The two layers: `params[0].weight` is W_xh [input, hidden], `params[0].recurrentWeight` W_hh, `params[1].weight`
   * W_hy.
   */
  readonly model: Sequential
  readonly #stream: Stream

  /** @throws `ConfigurationError` if a size is not a positive integer, or an option is unknown. */
  constructor(sizes: VanillaSizes, given: SequentialOptions = {}) {
    const size = option.required(option.count())
    const { input, hidden, output } = options('VanillaRNN', sizes, { input: size, hidden: size, output: size })
    this.model = sequential(input, [rnn(hidden, { biases: 0 }), dense(output, { bias: false })], given)
    this.#stream = this.model.stream()
  }

  /** The hidden state after the last step: [1, hidden], initially zero. */
  get h(): Tensor {
    const [{ h }] = this.#stream.frame.initial as readonly [Slots, Slots]
    return h!.value
  }

  /**
   * Runs one step: x [input] -> y [1, output]. The next step reuses the memory of y.
   * @throws `ShapeError` if x has another size; h is as before then.
   * @throws `ValueError` if a number is not finite; h is as before then.
   */
  step(x: TensorLike): Tensor {
    return this.#stream.step(x)
  }

  /** Resets h to zero. */
  reset(): void {
    this.#stream.reset()
  }
}
