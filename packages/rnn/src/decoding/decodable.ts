import type { Backend } from '@recurra/backend'
import type { Indices, Tensor } from '@recurra/tensor'

/**
 * A model that writes token by token, in `batch` rows side by side. The `Stream` of a language model is one
 * (`model.stream()`), and so is that of a decoder which knows what it translates or describes.
 */
export interface Decodable {
  /** Where it runs. */
  readonly backend: Backend
  /** How many sequences are written side by side. */
  readonly batch: number
  /** Takes the last token of each row, [batch], and gives a score to each next one: logits [batch, vocabulary]. */
  step(tokens: Indices): Tensor
  /** Row i continues from the state of row `parents[i]`: [batch], integers. */
  reorder(parents: ArrayLike<number>): void
}
