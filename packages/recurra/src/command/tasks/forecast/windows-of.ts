import type { Batch, Dataset } from '@recurra/training'
import type { Random } from '@recurra/tensor'

/** Rows to learn from, one after the other. */
export interface Rows {
  /** What is read: [rows, inputs]. */
  readonly x: Float64Array
  /** What is wanted: [rows, outputs]. */
  readonly target: Float64Array
  readonly count: number
}

/** How rows are cut into windows. */
export interface Cut {
  readonly steps: number
  /** From the start of one window to the next. */
  readonly stride: number
  readonly batch: number
}

/**
 * Windows over rows, which may overlap. Every epoch of training begins at another row, so that each row is seen at each
 * place of a window; without a generator they begin at the first and every row is there.
 */
export const windowsOf = ({ x, target, count }: Rows, { steps: wanted, stride, batch: side }: Cut): Dataset => {
  const steps = Math.min(wanted, count)
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
      if (random) for (let i = windows - 1; i > 0; i--) swap(order, i, random.integer(i + 1))
      const filled = {
        x: new Float64Array(batch * steps * inputs),
        target: new Float64Array(batch * steps * outputs),
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

const swap = (list: number[], i: number, j: number): void => {
  ;[list[i], list[j]] = [list[j]!, list[i]!]
}
