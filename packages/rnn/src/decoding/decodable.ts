import type { Backend } from '@recurra/backend'
import type { Indices, Tensor } from '@recurra/tensor'

/**
 * A model that generates token by token, in `batch` rows. The `Stream` of a language model is one (`model.stream()`),
 * and so is the stream of an encoder-decoder after `encode`.
 */
export interface Decodable {
  /** The backend that it runs on. */
  readonly backend: Backend
  /** The number of sequences. */
  readonly batch: number
  /** Reads the last token of each row, [batch], and returns scores for the next one: logits [batch, vocabulary]. */
  step(tokens: Indices): Tensor
  /** Row i continues from the state of row `parents[i]`: [batch], integers. */
  reorder(parents: ArrayLike<number>): void
}
