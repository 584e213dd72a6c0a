import { after } from '@recurra/backend'
import { ConfigurationError } from '@recurra/tensor'
import type { Communicator } from './communicator.ts'
import { hashOf } from './hash.ts'

/** Numbers that must be the same in every process, by what they are. */
export interface Agreed {
  readonly [what: string]: number
}

/** How many numbers are summed for each that must be the same. */
export const sumsPerValue = 4

/**
 * The numbers to sum over all processes, from which every process sees alike whether all have the same: both halves of
 * a hash with their squares, small integers, whose sums are exact.
 */
export const agreementValues = (own: Agreed): number[] =>
  Object.values(own).flatMap((value) => {
    const hash = hashOf([[value]])
    return [hash & 0xffff, hash >>> 16].flatMap((half) => [half, half * half])
  })

/**
 * Checks that all processes have the same numbers, by the sums of their `agreementValues`.
 * @throws `ConfigurationError` if not; it names the first process that differs from most.
 */
export const expectAgreement = (
  communicator: Communicator, own: Agreed, sums: ArrayLike<number>,
): void | Promise<void> => {
  const { size } = communicator
  const names = Object.keys(own)
  // the variance, which is the same everywhere, where the distance of a process from the mean is not
  const differs = names.findIndex((_, i) =>
    [0, 2].some((half) => {
      const [sum, squares] = [sums[sumsPerValue * i + half]!, sums[sumsPerValue * i + half + 1]!]
      return squares * size !== sum * sum
    }))
  if (differs < 0) return
  const name = names[differs]!
  return after(gathered(communicator, own[name]!), (all) => {
    throw disagreement(name, all, communicator.rank)
  })
}

/** The value of every process. */
const gathered = (communicator: Communicator, own: number): Float64Array | Promise<Float64Array> => {
  const all = new Float64Array(communicator.size)
  all[communicator.rank] = own
  return after(communicator.allReduce(all), () => all)
}

const disagreement = (what: string, all: Float64Array, rank: number): ConfigurationError => {
  const countOf = (value: number): number => all.filter((other) => other === value).length
  const common = all.reduce((best, value) => (countOf(value) > countOf(best) ? value : best))
  const odd = all.findIndex((value) => value !== common)
  return new DisagreementError({
    where: 'dataParallel',
    expected: `the same ${what} in every process`,
    got: `another in rank ${odd}`,
    fix: 'Start all of them with the same files, seed, options and checkpoint.',
  }, odd !== rank)
}

/** Processes that should have the same have not. All notice; the one that is different speaks. */
export class DisagreementError extends ConfigurationError {
  override readonly name: string = 'ConfigurationError'
  /** Whether another process is the one that differs. */
  readonly elsewhere: boolean

  constructor(complaint: ConstructorParameters<typeof ConfigurationError>[0], elsewhere: boolean) {
    super(complaint)
    this.elsewhere = elsewhere
  }
}
