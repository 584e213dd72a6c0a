/** A column that is not used. */
export interface LeftOut {
  readonly column: string
  /** Such as `a date`. */
  readonly reason: string
}

/** The same for people, a line each. */
export const describeLeftOut = (all: readonly LeftOut[] = []): string[] =>
  all.map(({ column, reason }) => `left out: ${column}, ${reason}`)
