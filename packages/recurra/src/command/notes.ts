/** What a reader must know of the data: what was left out of it, cut, or replaced. */
export interface Note {
  /** A sentence without its dot. */
  readonly text: string
  /** The same for machines, by name. */
  readonly figures: Readonly<Record<string, unknown>>
}

/** A column that is not used. */
export interface LeftOut {
  readonly column: string
  /** Such as `a date`. */
  readonly reason: string
}

/** The same for people, a line each. */
export const describeLeftOut = (all: readonly LeftOut[] = []): string[] =>
  all.map(({ column, reason }) => `left out: ${column}, ${reason}`)

const units = ['bytes', 'kB', 'MB', 'GB', 'TB']

/** A number of bytes for people: `12.3 MB`. */
export const bytesInWords = (bytes: number): string => {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const value = bytes / 1000 ** power
  return `${power === 0 ? value : value.toFixed(value < 9.95 ? 2 : value < 99.5 ? 1 : 0)} ${units[power]}`
}

/** A count for people: `12,345`. */
export const counted = (count: number): string => count.toLocaleString('en')
