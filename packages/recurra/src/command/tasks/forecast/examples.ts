import type { ForecastCodec } from './codec.ts'
import { isObserved, type Frame } from './frame.ts'
import { linearForecast, spreadAt } from './heads.ts'
import { unobserved } from './masked-quantile-loss.ts'
import { networkInputs } from './network-inputs.ts'
import type { Rows } from './windows-of.ts'

/**
 * What the network reads at the rows [from, to), without the last ones, whose farthest forecasts lie beyond; and what
 * it has to say: what the linear forecasts leave, in units of their spread, under every quantile.
 */
export const examplesIn = (frame: Frame, codec: ForecastCodec, from: number, to: number): Rows => {
  const { layout, heads } = codec
  const options = { ...codec, horizon: layout.horizon }
  const x: number[] = []
  const target: number[] = []
  const count = to - from - layout.horizon
  for (let t = from; t < from + count; t++) {
    x.push(...networkInputs(frame, options, t))
    layout.targets.forEach((column, i) =>
      heads[i]!.forEach(({ linear, spread, offsets }, h) => {
        const there = isObserved(frame, column, t + h + 1)
        const left = there
          ? frame.past[column]![t + h + 1]! - linearForecast(frame, layout, linear, column, h + 1, t)
          : 0
        for (const offset of offsets)
          target.push(there ? left / (spreadAt(frame, spread, t + h + 1) || 1) - offset : unobserved)
      }),
    )
  }
  return { x: Float64Array.from(x), target: Float64Array.from(target), count }
}
