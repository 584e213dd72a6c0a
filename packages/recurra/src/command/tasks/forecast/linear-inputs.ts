import type { Frame, Layout } from './frame.ts'

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
  { past, known, calendar }: Frame,
  { lags, means, seasonalLag, season }: Layout,
  target: number,
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
