import { ConfigurationError, describeShape } from '@recurra/tensor'
import { balancedIndexBatches } from './balanced-index-batches.ts'
import { bucketedIndexBatches, sequencesAtOnce } from './bucketed-index-batches.ts'
import type { Example } from './examples.ts'
import { evenIndexBatches, shuffled, type IndexBatches } from './index-batches.ts'

/** How sequences are put together to batches. */
interface IndexBatchesOptions {
  readonly buckets: number
  readonly maxSteps: number
  readonly balanced: boolean
}

/**
 * The batches of sequences of some lengths: balanced by class, in buckets of similar lengths, or as they come.
 * @throws `ConfigurationError` if classes cannot be balanced.
 */
export const indexBatchesFor = (
  lengths: readonly number[],
  targets: readonly Example[],
  batch: number,
  { buckets, maxSteps, balanced }: IndexBatchesOptions,
): IndexBatches => {
  const size = sequencesAtOnce(lengths.reduce((most, one) => Math.max(most, one)), batch, maxSteps)
  if (!balanced) {
    if (buckets > 1) return bucketedIndexBatches(lengths, batch, buckets, maxSteps)
    return evenIndexBatches(lengths, size, (random) => shuffled([...lengths.keys()], random))
  }
  const classes = targets.map(({ shape, values }) => (shape.length === 0 ? values[0]! : NaN))
  if (buckets === 1 && classes.every(Number.isInteger)) return balancedIndexBatches(lengths, size, classes)
  throw new ConfigurationError({
    where: 'sequences',
    expected: 'one class per sequence, and one bucket, where classes are balanced',
    got: buckets === 1 ? `targets of shape ${describeShape(targets[0]!.shape)}` : `${buckets} buckets`,
    fix: 'Leave out { balanced: true }, or what does not go with it.',
  })
}
