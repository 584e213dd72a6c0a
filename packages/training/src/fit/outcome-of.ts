import { ConfigurationError, swapTimeAndBatch, tensorOver, type Tensor } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import type { ScoredBatch } from '../metrics/metric.ts'
import type { ScoringCall } from '../trainer/loss-call.ts'

/** What a model gave for a batch, and the targets, for metrics to look at. */
export const outcomeOf = async (call: ScoringCall, batch: Batch): Promise<ScoredBatch> => {
  const { classes, perSequence } = call.loss
  if (perSequence) throw noRows()
  const given = await call.outputs()
  const [y, counts] = given.y.shape.length === 3
    ? [swapTimeAndBatch(given.y), swapTimeAndBatch(given.counts)]
    : [given.y, given.counts]
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
