import { ConfigurationError } from '@recurra/tensor'
import type { Data } from '../data/batch.ts'
import type { Metrics } from '../metrics/metric.ts'
import type { PartialEvaluation } from './alone.ts'
import type { Communicator, DataParallelOptions } from './communicator.ts'
import { shardOf } from './shard.ts'

/**
 * Plans what one process of several evaluates.
 * @throws `ConfigurationError` if a metric has no totals to sum.
 */
export const partialEvaluationOf = (
  data: Data, metrics: Metrics, communicator: Communicator, kind: Required<DataParallelOptions>['data'],
): PartialEvaluation => {
  const { rank, size } = communicator
  const lacking = Object.keys(metrics).find((name) => !('totals' in metrics[name]!))
  if (lacking !== undefined)
    throw new ConfigurationError({
      where: `metric ${lacking}`,
      expected: 'totals, which are summed over all processes',
      got: 'a metric without',
      fix: 'Add them, as in Metric, or evaluate in one process.',
    })
  return {
    data: kind === 'whole' ? shardOf(data, rank, size) : data,
    async lossOf(sum, count, reduction) {
      // all read every batch: a mean over batches counts each once
      const counted = reduction === 'mean' || kind === 'part' || rank === 0 ? count : 0
      const sums = Float64Array.of(sum, counted)
      await communicator.allReduce(sums)
      for (const metric of Object.values(metrics)) metric.totals = await totalsOf(metric.totals!, communicator)
      return sums[0]! / sums[1]!
    },
  }
}

/** Totals of all processes; those that were given no rows have none. */
const totalsOf = async (own: readonly number[], communicator: Communicator): Promise<readonly number[]> => {
  const lengths = Float64Array.of(own.length, Math.sign(own.length))
  await communicator.allReduce(lengths)
  const [sum, processes] = lengths as unknown as readonly [number, number]
  if (processes === 0) return own
  const totals = new Float64Array(sum / processes)
  totals.set(own)
  await communicator.allReduce(totals)
  return [...totals]
}
