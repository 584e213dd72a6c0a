import { ConfigurationError, describeShape } from '@recurra/tensor'
import { balancedLots } from './balanced-lots.ts'
import { bucketLots, sideBySide } from './bucket-lots.ts'
import type { Example } from './examples.ts'
import { evenLots, type Lots } from './lots.ts'
import { shuffled } from './shuffled.ts'

/** How sequences are put together to batches. */
interface LotsOptions {
  readonly buckets: number
  readonly maxSteps: number
  readonly balanced: boolean
}

/**
 * The batches of sequences of some lengths: balanced by class, in buckets of similar lengths, or as they come.
 * @throws `ConfigurationError` if classes cannot be balanced.
 */
export const lotsFor = (
  lengths: readonly number[],
  targets: readonly Example[],
  batch: number,
  { buckets, maxSteps, balanced }: LotsOptions,
): Lots => {
  const size = sideBySide(lengths.reduce((most, one) => Math.max(most, one)), batch, maxSteps)
  if (!balanced) {
    if (buckets > 1) return bucketLots(lengths, batch, buckets, maxSteps)
    return evenLots(lengths, size, (random) => shuffled([...lengths.keys()], random))
  }
  const classes = targets.map(({ shape, values }) => (shape.length === 0 ? values[0]! : NaN))
  if (buckets === 1 && classes.every(Number.isInteger)) return balancedLots(lengths, size, classes)
  throw new ConfigurationError({
    where: 'sequences',
    expected: 'one class per sequence, and one bucket, where classes are balanced',
    got: buckets === 1 ? `targets of shape ${describeShape(targets[0]!.shape)}` : `${buckets} buckets`,
    fix: 'Leave out { balanced: true }, or what does not go with it.',
  })
}
