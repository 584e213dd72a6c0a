import type { Frame, Layout } from './frame.ts'
import { linearInputs, seasonBefore } from './linear-inputs.ts'
import { linearAt, type Linear } from './ridge.ts'

/** Forecasts a target `ahead` rows after row t from what comes up to t; NaN where that does not go back far enough. */
export type Baseline = (t: number, ahead: number) => number

/** The guesses that a forecast has to beat, of one target. */
export const baselinesOf = (
  frame: Frame,
  layout: Layout,
  target: number,
  linear: readonly Linear[],
): Readonly<Record<string, Baseline>> => {
  const values = frame.past[target]!
  const { season } = layout
  return {
    naive: (t) => values[t]!,
    ...(season > 1 && {
      'seasonal naive': (t: number, ahead: number) => values[seasonBefore(t, ahead, season)] ?? NaN,
    }),
    drift: (t, ahead) => values[t]! + (t > 0 ? (ahead * (values[t]! - values[0]!)) / t : 0),
    ridge: (t, ahead) => values[t]! + linearAt(linear[ahead - 1]!, linearInputs(frame, layout, target, ahead, t)),
  }
}
