import { scaled, type Scaler } from '../../data/numbers.ts'

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
  /** The number of rows to forecast, each with its own outputs. */
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

/** What one input of a linear forecast is. */
export interface LinearInput {
  readonly kind: 'level' | 'lag' | 'mean' | 'season' | 'known' | 'calendar'
  /** Whether it is of the column that is forecast. */
  readonly own: boolean
  /** How many rows back, or over how many. */
  readonly rows: number
}

const othersLags = 4 // rows of the columns beside the target

/** What a linear forecast of one target reads, input by input. */
export const linearInputsOf = (
  { past, known, calendar }: Frame, { lags, means, seasonalLag, season }: Layout, target: number,
): LinearInput[] => [
  ...past.flatMap((_, column): LinearInput[] => {
    const own = column === target
    return [
      { kind: 'level', own, rows: 0 },
      ...Array.from(
        { length: (own ? lags : Math.min(lags, othersLags)) - 1 },
        (_, k) => ({ kind: 'lag', own, rows: k + 1 }) as const,
      ),
      ...(own ? means : []).map((rows) => ({ kind: 'mean', own, rows }) as const),
    ]
  }),
  ...(seasonalLag ? [{ kind: 'season', own: true, rows: season } as const] : []),
  ...known.flatMap(() => [{ kind: 'known', own: false, rows: 0 }, { kind: 'known', own: false, rows: 0 }] as const),
  ...(calendar[0] ?? []).map(() => ({ kind: 'calendar', own: true, rows: 0 }) as const),
]

/**
 * The inputs of a linear forecast of one target, `ahead` rows after row t: the level, how each column of the past got
 * there and lay on average, what came one season before, what is known of that row in advance, and where it stands in
 * the calendar. Before the first row, all was as in it.
 */
export const linearInputs = (frame: Frame, layout: Layout, target: number, ahead: number, t: number): number[] => {
  const { past, known, calendar } = frame
  const { lags, means, season, seasonalLag } = layout
  const inputs: number[] = []
  past.forEach((values, column) => {
    const [now, back] = [values[t]!, column === target ? lags : Math.min(lags, othersLags)]
    inputs.push(now)
    for (let k = 1; k < back; k++) inputs.push(values[Math.max(0, t - k)]! - now)
    if (column === target) for (const rows of means) inputs.push(meanOver(values, t, rows))
  })
  if (seasonalLag) inputs.push(past[target]![Math.max(0, seasonBefore(t, ahead, season))]! - past[target]![t]!)
  for (const values of known) inputs.push(values[t + ahead]!, values[t]!)
  inputs.push(...(calendar[t + ahead] ?? []))
  return inputs
}

/** The mean of the rows up to t, less what is at t. */
const meanOver = (values: Float64Array, t: number, rows: number): number => {
  let sum = 0
  for (let k = 1; k < rows; k++) sum += values[Math.max(0, t - k)]! - values[t]!
  return sum / rows
}

/** The row one season, or as many as it takes, before row t + ahead that is not after t. */
export const seasonBefore = (t: number, ahead: number, season: number): number =>
  t + ahead - season * Math.ceil(ahead / Math.max(1, season))

/** How numbers come to the network. */
export interface InputScaling {
  /** Of the levels of the columns of the past, and then of those known in advance. */
  readonly level: Scaler
  /** Of the changes of the columns of the past. */
  readonly change: Scaler
}

/** What the network reads beside the numbers. */
interface InputOptions {
  readonly scaling: InputScaling
  /** How many rows ahead it receives the known columns. */
  readonly horizon: number
  /** Whether it receives a mask of missing values. */
  readonly flags: boolean
}

/** What the network reads at row t: levels, changes, what is missing, the calendar, what is known of rows ahead. */
export const networkInputs = (
  { past, known, observed, calendar }: Frame, { scaling: { level, change }, horizon, flags }: InputOptions,
  t: number,
): number[] => {
  const now = [...past, ...known].map((values) => values[t]!)
  const changes = past.map((values) => values[t]! - values[Math.max(0, t - 1)]!)
  const ahead = known.flatMap((values, k) =>
    Array.from({ length: horizon }, (_, h) => scaleOne(values[t + h + 1] ?? values[t]!, level, past.length + k)),
  )
  return [
    ...scaled(now, level), ...scaled(changes, change), ...(flags ? past.map((_, i) => observed?.[i]![t] ?? 1) : []),
    ...(calendar[t] ?? []), ...ahead,
  ]
}

const scaleOne = (value: number, { mean, deviation }: Scaler, i: number): number => (value - mean[i]!) / deviation[i]!
