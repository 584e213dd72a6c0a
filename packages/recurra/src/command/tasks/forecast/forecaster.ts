import type { Sequential } from '@recurra/layers'
import type { ForecastCodec } from './codec.ts'
import { networkInputs, type Frame } from './frame.ts'
import { linearForecast, spreadAt } from './heads.ts'

/** Forecasts from one row, of each column that the network forecasts: [target][ahead - 1][quantile]. */
export type Outlook = readonly (readonly (readonly number[])[])[]

const most = 256 // rows side by side

/** Forecasts from each of some rows. Each reads as many rows before it as in training, and nothing after it. */
export const outlooksFrom = (
  model: Sequential, codec: ForecastCodec, frame: Frame, origins: readonly number[], ahead: number,
): Outlook[] => {
  const all: Outlook[] = []
  const reads = (t: number): number => Math.min(codec.window, t + 1)
  for (let from = 0; from < origins.length; ) {
    let to = from + 1
    while (to < origins.length && to - from < most && reads(origins[to]!) === reads(origins[from]!)) to++
    const some = origins.slice(from, to)
    all.push(...(codec.recursive ? stepByStep : atOnce)(model, codec, frame, some, reads(some[0]!), ahead))
    from = to
  }
  return all
}

type Outlooks = (
  model: Sequential, codec: ForecastCodec, frame: Frame, origins: readonly number[], reads: number, ahead: number,
) => Outlook[]

const atOnce: Outlooks = (model, codec, frame, origins, reads) => {
  using stream = model.stream({ batch: origins.length })
  const options = { ...codec, horizon: codec.layout.horizon }
  for (let back = reads - 1; back > 0; back--) stream.step(origins.map((t) => networkInputs(frame, options, t - back)))
  const values = model.backend.read(stream.step(origins.map((t) => networkInputs(frame, options, t))))
  const outputs = values.length / origins.length
  return origins.map((t, b) => outlookOf(codec, frame, t, values.subarray(b * outputs, (b + 1) * outputs)))
}

/** One row after the other: what was forecast is read as if it had come. */
const stepByStep: Outlooks = (model, codec, frame, origins, reads, ahead) => {
  using stream = model.stream({ batch: origins.length })
  const options = { ...codec, horizon: 1 }
  const own = origins.map((t) => continued(codec, frame, t, ahead))
  const outlooks: number[][][][] = origins.map(() => codec.layout.targets.map(() => []))
  for (let step = 1 - reads; step < ahead; step++) {
    const values = model.backend.read(stream.step(own.map(({ frame, t }) => networkInputs(frame, options, t + step))))
    if (step < 0) continue
    const outputs = values.length / origins.length
    own.forEach(({ frame, t }, b) => {
      const next = outlookOf(codec, frame, t + step, values.subarray(b * outputs, (b + 1) * outputs))
      next.forEach(([quantiles], i) => {
        outlooks[b]![i]!.push([...quantiles!])
        frame.past[codec.layout.targets[i]!]![t + step + 1] = middleOf(quantiles!)
      })
    })
  }
  return outlooks
}

/** What is in the middle of quantiles. */
export const middleOf = (quantiles: readonly number[]): number => quantiles[(quantiles.length - 1) / 2]!

/** The rows up to one, as far back as anything is read, with room for those that are to come. */
const continued = (
  { layout, window }: ForecastCodec, { past, known, observed, calendar }: Frame, origin: number, ahead: number,
): { readonly frame: Frame; readonly t: number } => {
  const from = Math.max(0, origin - Math.max(window, layout.lags, layout.season, ...layout.means) - 1)
  const t = origin - from
  const room = (values: Float64Array): Float64Array => {
    const longer = new Float64Array(t + 1 + ahead)
    longer.set(values.subarray(from, origin + 1))
    return longer
  }
  return {
    t,
    frame: {
      length: t + 1,
      past: past.map(room),
      observed: observed?.map((seen) =>
        Uint8Array.from({ length: t + 1 + ahead }, (_, i) => (i <= t ? seen[from + i]! : 1)),
      ),
      known: known.map((values) => values.subarray(from)),
      calendar: calendar.slice(from, origin + 1 + ahead),
    },
  }
}

const outlookOf = (
  { layout, heads, quantiles, nonNegative }: ForecastCodec, frame: Frame, t: number, values: ArrayLike<number>,
): Outlook =>
  layout.targets.map((column, i) =>
    heads[i]!.map(({ linear, spread, offsets }, h) => {
      const base = linearForecast(frame, layout, linear, column, h + 1, t)
      const least = nonNegative[column] ? 0 : -Infinity
      const scale = spreadAt(frame, spread, t + h + 1)
      const first = (i * heads[i]!.length + h) * quantiles.length
      return offsets.map((offset, q) => Math.max(least, base + scale * (offset + values[first + q]!)))
        .sort((a, b) => a - b)
    }),
  )
