import { relu, select } from '@recurra/formula'
import type { Random } from '@recurra/tensor'
import { elementWise, type Batch, type Dataset, type Loss } from '@recurra/training'
import type { ForecastCodec } from './codec.ts'
import { isObserved, networkInputs, type Frame } from './frame.ts'
import { linearForecast, spreadAt } from './heads.ts'

/** Stands for a target that was not observed: no number of a series comes near it once it is scaled. */
export const unobserved = 1e30

/**
 * The quantile loss, with groups of a column for each quantile, where targets may be missing: these add nothing, and a
 * mean does not count them.
 */
export const maskedQuantileLoss = (quantiles: readonly number[]): Loss =>
  elementWise(
    'quantileLoss',
    (y, target, { level }) => {
      const loss = relu(target.sub(y)).mul(level!).add(relu(y.sub(target)).mul(level!.neg().add(1)))
      return select(target.sub(unobserved / 2), 0, loss)
    },
    {},
    { level: (columns) => Array.from({ length: columns }, (_, i) => quantiles[i % quantiles.length]!) },
    { counts: (target) => select(target.sub(unobserved / 2), 0, 1) },
  )

/** Rows to learn from, one after the other. */
export interface Rows {
  /** What is read: [rows, inputs]. */
  readonly x: Float64Array
  /** What is to be predicted: [rows, outputs]. */
  readonly target: Float64Array
  readonly count: number
}

/** How rows are cut into windows. */
interface Cut {
  readonly steps: number
  /** From the start of one window to the next. */
  readonly stride: number
  readonly batch: number
}

/**
 * Windows over rows, which may overlap. Every epoch of training begins at another row, so that each row is seen at each
 * place of a window; without a generator they begin at the first and every row is there.
 */
export const windowsOf = ({ x, target, count }: Rows, { steps: longest, stride, batch: side }: Cut): Dataset => {
  const steps = Math.min(longest, count)
  const [inputs, outputs] = [x.length / count, target.length / count]
  const spare = count - steps
  const windows = Math.floor(spare / stride) + 1 + (spare % stride > 0 ? 1 : 0)
  const batch = Math.min(side, windows)
  return {
    steps,
    batch,
    padded: true,
    carry: false,
    batches: Math.ceil(windows / batch),
    *epoch(random?: Random): Iterable<Batch> {
      const shift = random ? random.integer(stride) : 0
      const order = Array.from({ length: windows }, (_, i) => Math.max(0, Math.min(spare, i * stride - shift)))
      random?.shuffle(order)
      const filled = {
        x: new Float64Array(batch * steps * inputs), target: new Float64Array(batch * steps * outputs),
        lengths: new Int32Array(batch),
      }
      for (let from = 0; from < windows; from += batch) {
        const starts = order.slice(from, from + batch)
        filled.lengths.fill(0)
        starts.forEach((start, b) => {
          filled.x.set(x.subarray(start * inputs, (start + steps) * inputs), b * steps * inputs)
          filled.target.set(target.subarray(start * outputs, (start + steps) * outputs), b * steps * outputs)
          filled.lengths[b] = steps
        })
        yield filled
      }
    },
  }
}

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
