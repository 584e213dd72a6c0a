import { allOf, type Backend } from '@recurra/backend'
import { ConfigurationError, swapTimeAndBatch, tensorOver, type Floats, type Tensor } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import type { ScoredBatch } from '../metrics/metric.ts'
import type { LossCall } from '../trainer/loss-call.ts'

/** What a model gave for a batch, and the targets, copied for metrics to look at. */
export const outcomeOf = async (
  backend: Backend,
  { frame, loss: { mask, classes, perSequence } }: LossCall,
  batch: Batch,
): Promise<ScoredBatch> => {
  if (perSequence) throw noRows()
  const { shape } = frame.y.value // time-major
  const batchFirst = <D extends Floats | Int32Array>(x: Tensor<D>): Tensor<D> =>
    shape.length === 3 ? swapTimeAndBatch(x) : x
  const [scores, counted] = await allOf([backend.readAsync(frame.y.value), backend.readAsync(mask)])
  const [y, counts] = [batchFirst(tensorOver(scores, shape)), batchFirst(tensorOver(counted, shape.slice(0, -1)))]
  if (!classes) return { y, target: tensorOver(Float64Array.from(batch.target), y.shape), counts }
  const target = tensorOver(Float64Array.from(batch.target), counts.shape)
  return { y, target, counts: classes.ignore === undefined ? counts : without(classes.ignore, target, counts) }
}

const noRows = (): ConfigurationError =>
  new ConfigurationError({
    where: 'metrics',
    expected: 'a loss with a target for every row of scores',
    got: 'one with a list of labels for each sequence',
    fix: 'Decode what `predict` gives, and hand it to `errorRate().compare`.',
  })

/** Rows whose target is ignored do not count. */
const without = (ignore: number, target: Tensor, counts: Tensor): Tensor => {
  const [, steps = 1] = counts.shape
  const kept = Float64Array.from(target.data, (wanted, i) => {
    const [b, t] = [Math.floor(i / steps), i % steps]
    return wanted === ignore ? 0 : counts.data[b * counts.stride[0]! + t * (counts.stride[1] ?? 0)]!
  })
  return tensorOver(kept, counts.shape)
}
