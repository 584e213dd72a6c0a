/** A network whose training is measured: LSTM layers of one size under a dense one, with a class for every step. */
export interface Network {
  readonly name: string
  readonly layers: number
  readonly hidden: number
  /** Features of a step, and classes. */
  readonly size: number
  readonly steps: number
  /** Sequences of each rank. */
  readonly batch: number
}

/** Of three sizes; the middle one is W3. */
export const networks: readonly Network[] = [
  { name: 'small', layers: 1, hidden: 128, size: 64, steps: 64, batch: 32 },
  { name: 'W3', layers: 2, hidden: 256, size: 64, steps: 64, batch: 32 },
  { name: 'large', layers: 2, hidden: 1024, size: 64, steps: 64, batch: 32 },
]

/** Numbers that ranks sum: all parameters. */
export const parametersIn = ({ layers, hidden, size }: Network): number => {
  const layer = (input: number): number => 4 * hidden * (input + hidden + 2)
  return layer(size) + (layers - 1) * layer(hidden) + (hidden + 1) * size
}
