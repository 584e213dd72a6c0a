/** What a file says of a tensor, without its numbers. */
export interface TensorHeader {
  /** What it is called. */
  readonly name: string
  /** The type of its numbers in the file. */
  readonly dtype: string
  /** Its sizes; none for a single number. */
  readonly shape: readonly number[]
  /** How many bytes its numbers take, once unpacked. */
  readonly bytes: number
}
