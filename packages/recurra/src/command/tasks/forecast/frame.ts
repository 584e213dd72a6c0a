/**
 * A series ready to be read: numbers on a grid of times, without holes. Rows beyond `length` are the future, of which
 * only the known columns are there.
 */
export interface Frame {
  /** How many rows were observed. */
  readonly length: number
  /** The columns whose past is read, each [rows]; what was missing is filled. */
  readonly past: readonly Float64Array[]
  /** Where `past` holds what was observed: 1, else 0; nothing where all of it was. */
  readonly observed?: readonly Uint8Array[] | undefined
  /** The columns that are known in advance, each [rows, and those of the future]. */
  readonly known: readonly Float64Array[]
  /** What the calendar says of each row and of the future: [rows][features]. */
  readonly calendar: readonly (readonly number[])[]
}

/** What a forecast reads, and how far it goes. */
export interface Layout {
  /** Which of the columns of `past` are forecast. */
  readonly targets: readonly number[]
  /** How many rows ahead, each learned as such. */
  readonly horizon: number
  /** How many rows a linear forecast looks back. */
  readonly lags: number
  /** Over how many rows it takes means. */
  readonly means: readonly number[]
  /** The rows of a season; 0 where there is none. */
  readonly season: number
  /** Whether the linear forecast looks a season back: there are enough of them to learn from. */
  readonly seasonalLag: boolean
}

/** Whether a number of a row was observed. */
export const isObserved = ({ length, observed }: Frame, column: number, row: number): boolean =>
  row < length && (observed === undefined || observed[column]![row] === 1)

/** The first row from which a forecast can be made: what it looks back to is there. */
export const firstOrigin = ({ lags, season, seasonalLag }: Layout): number =>
  Math.max(lags, seasonalLag ? season : 1) - 1
