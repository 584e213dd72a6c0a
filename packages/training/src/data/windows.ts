import {
  ConfigurationError, describeValue, isNumberArray, option, options, ValueError, type NumberArray, type Random,
} from '@recurra/tensor'
import type { Batch, Dataset } from './batch.ts'

/** Options of `windows`. */
export interface WindowsOptions {
  /** Tokens per window. Default: 64. */
  readonly steps?: number
  /** Windows per batch. Default: 32. */
  readonly batch?: number
  /**
   * Whether to read the tokens in order and carry the state from window to window, in `batch` parallel segments:
   * truncated backpropagation through time, as in min-char-rnn. Otherwise windows are shuffled and start from a zero
   * state. Default: false.
   */
  readonly carry?: boolean
  /**
   * The distance between the starts of successive windows, if the state is carried. Default: `steps`. With a smaller
   * stride, windows overlap and gradients go further back: truncated backpropagation through time with k1 = stride and
   * k2 = steps (Williams & Peng 1990, BPTT(h; h')).
   *
   * Precisely: window n holds the steps from n·k1 up to n·k1 + k2, and starts from a state s(n) that is taken as given.
   * Its loss is that of its last k1 steps, and of all steps in the first window of an epoch, which has no past; its
   * gradient goes back through all k2. s(n + 1) is the state after its first k1 steps, as they were before the update
   * (and without dropout). So the loss of every step counts once, and each gradient reaches back at least k2 - k1
   * steps.
   */
  readonly stride?: number
}

/**
 * Cuts a long stream of tokens into windows of `steps` tokens; the target is the same window, one token later: x and
 * target [batch, steps]. Tokens that do not fill a batch are omitted, at a position that changes from epoch to epoch.
 *
 * ```ts
 * import { windows } from 'recurra'
 *
 * const data = windows(Int32Array.of(0, 1, 2, 3, 4, 5, 6), { steps: 3, batch: 2 })
 * for (const { x, target } of data.epoch()) console.log(x, target)
 * // [0, 1, 2, 3, 4, 5] [1, 2, 3, 4, 5, 6]
 * ```
 * @throws `ConfigurationError` if an option is unknown or not a positive integer, or the stride does not fit the other
 * options.
 * @throws `ValueError` if the tokens do not fill one batch, or one is not an integer of at least 0; the error names it.
 */
export const windows = (stream: NumberArray | readonly number[], given: WindowsOptions = {}): Dataset => {
  const { steps, batch, carry, stride = steps } = options('windows', given, {
    steps: option.count(64), batch: option.count(32), carry: option.flag(false), stride: option.count(),
  })
  const tokens = tokensOf(stream)
  if (stride > steps || (stride < steps && !carry))
    throw new ConfigurationError({
      where: 'windows',
      expected: carry ? `a stride of at most ${steps} steps` : 'the state to be carried where windows overlap',
      got: carry ? String(stride) : 'windows that start from zero',
      fix: carry ? 'Use longer windows, or a shorter stride.' : 'Pass { carry: true }, or leave out the stride.',
    })
  const pairs = tokens.length - 1 // of a token and the next
  const stretch = Math.floor(pairs / batch)
  const batches = carry ? Math.floor((stretch - steps) / stride) + 1 : Math.floor(pairs / steps / batch)
  if (batches < 1)
    throw new ValueError({
      where: 'windows',
      expected: `at least ${batch * steps + 1} tokens for ${batch} windows of ${steps} and what comes next`,
      got: String(tokens.length),
      fix: 'Use a longer text, or fewer or shorter windows: { steps, batch }.',
    })
  return {
    steps, batch, batches, carry,
    stride: stride < steps ? stride : undefined,
    padded: false,
    *epoch(random?: Random): Iterable<Batch> {
      const starts = carry
        ? inStretches(batch, batches, stretch, stride)
        : shuffled(batch * batches, pairs, steps, random)
      const [x, target] = [new Int32Array(batch * steps), new Int32Array(batch * steps)]
      const filled = { x, target }
      for (let i = 0; i < batches; i++) {
        for (let b = 0; b < batch; b++)
          for (let t = 0, from = starts[i * batch + b]!; t < steps; t++) {
            x[b * steps + t] = tokens[from + t]!
            target[b * steps + t] = tokens[from + t + 1]!
          }
        yield filled
      }
    },
  }
}

/** Looks at every token once, at the beginning. */
const tokensOf = (stream: NumberArray | readonly number[]): NumberArray | readonly number[] => {
  if (!Array.isArray(stream) && !isNumberArray(stream))
    throw new ValueError({
      where: 'windows',
      expected: 'a list of tokens',
      got: describeValue(stream),
      fix: typeof stream === 'string' ? 'Make tokens of a text: characters(text).windows().' : 'Pass an Int32Array.',
    })
  for (let i = 0; i < stream.length; i++)
    if (!Number.isSafeInteger(stream[i]) || stream[i]! < 0)
      throw new ValueError({
        where: `windows, token ${i}`,
        expected: 'an integer of at least 0',
        got: describeValue(stream[i]),
        fix: 'Clean the data; features of a series go into sequences({ x, target }).',
      })
  return stream
}

/** Window i of sequence b begins one stride after window i - 1 of it. */
const inStretches = (batch: number, batches: number, stretch: number, stride: number): number[] =>
  Array.from({ length: batch * batches }, (_, k) => (k % batch) * stretch + Math.floor(k / batch) * stride)

/** Windows that do not overlap, from a start that moves. */
const shuffled = (count: number, pairs: number, steps: number, random?: Random): number[] => {
  const first = random ? random.integer(pairs - count * steps + 1) : 0
  const starts = Array.from({ length: count }, (_, k) => first + k * steps)
  return random ? random.shuffle(starts) : starts
}
