import { ConfigurationError, type Random } from '@recurra/tensor'
import { evenIndexBatches, shuffled, type IndexBatches } from './index-batches.ts'

/** Batches in which all classes are equally frequent, up to one sequence if the batch size is not divisible. */
export const balancedIndexBatches = (
  lengths: readonly number[], batch: number, classes: readonly number[],
): IndexBatches => {
  const members = [...new Set(classes)].map((one) => [...classes.keys()].filter((i) => classes[i] === one))
  if (members.length < 2)
    throw new ConfigurationError({
      where: 'sequences',
      expected: 'targets of at least two classes to balance',
      got: `class ${classes[0]} alone`,
      fix: 'Leave out { balanced: true }.',
    })
  return evenIndexBatches(lengths, batch, (random) => {
    const turns = endless(members.map((own) => endless(own, random)), random)
    return lengths.map(() => turns.next().value.next().value)
  })
}

/** One item after the other, each once before any comes again. */
function* endless<T>(items: readonly T[], random?: Random): Generator<T, never> {
  for (;;) yield* shuffled(items, random)
}
