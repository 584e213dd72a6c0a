import { RecurraError, type Floats } from '@recurra/tensor'
import type { MpiLibrary } from './mpi-library.ts'

/** Sums over all processes, after a look at whether all are about to do the same. */
export interface CheckedReduction {
  /**
   * Sums arrays of one length over all processes, in place.
   * @throws `RecurraError` if another process has other arrays, or has left.
   */
  allReduce(values: Floats): void
  /** Says that this process is done; returns whether all others are, too. */
  leave(): boolean
}

/** The others have other arrays, or one has left: all notice, and the one that is different speaks. */
class OutOfStepError extends RecurraError {
  override readonly name: string = 'RecurraError'
  /** Whether another process is the one that differs. */
  readonly elsewhere: boolean

  constructor(complaint: ConstructorParameters<typeof RecurraError>[0], elsewhere: boolean) {
    super(complaint)
    this.elsewhere = elsewhere
  }
}

const [head, small] = [5, 16] // numbers
const base = 65_536

/**
 * MPI does not say what happens where processes sum arrays of different lengths, or where one never comes. So each sum
 * begins with one of a few numbers: what is coming, as digits whose sums of squares are exact; small arrays are part of
 * it.
 */
export const checkedReduction = (mpi: MpiLibrary): CheckedReduction => {
  const { rank, size } = mpi
  const header = new Float64Array(head + small)
  const announce = (kind: number, leaving: boolean): void => {
    const [low, high] = [kind % base, Math.floor(kind / base)]
    header.fill(0)
    header.set([low, low * low, high, high * high, leaving ? 1 : 0])
  }
  const isSame = (at: number): boolean => header[at + 1]! * size === header[at]! ** 2
  const expectSame = (kind: number): void => {
    if (isSame(0) && isSame(2)) return
    const kinds = new Float64Array(size)
    kinds[rank] = kind
    mpi.allReduce(kinds)
    const odd = kinds.findIndex((other) => other !== kinds[0])
    const described = (one: number): string =>
      `an array of ${Math.floor(one / 8)} numbers of ${4 * (one % 8)} bytes`
    throw new OutOfStepError({
      where: 'allReduce',
      expected: `${described(kinds[0]!)} in every process, as in rank 0`,
      got: `${described(kinds[odd]!)} in rank ${odd}`,
      fix: 'Give all processes the same program, options and data.',
    }, odd !== rank)
  }
  const expectAll = (): void => {
    if (header[4] === 0) return
    throw new OutOfStepError({
      where: 'mpi', expected: `${size} processes that train`, got: `${header[4]} that left`,
      fix: 'See what they report.',
    }, true)
  }
  return {
    allReduce(values) {
      if (size === 1) return
      const kind = 8 * values.length + values.BYTES_PER_ELEMENT / 4
      const fits = values.length <= small
      announce(kind, false)
      if (fits) header.set(values, head)
      mpi.allReduce(header)
      expectAll()
      expectSame(kind)
      if (fits) values.set(header.subarray(head, head + values.length))
      else mpi.allReduce(values)
    },
    leave() {
      announce(0, true)
      mpi.allReduce(header)
      return header[4] === size
    },
  }
}
