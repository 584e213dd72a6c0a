import type { Communicator } from 'recurra'

/** How the ranks ended, in order; the error of those that failed. */
export type Outcome<T> = { readonly value: T } | { readonly error: Error }

/**
 * Runs several ranks in this process, as mpirun does in several: `allReduce` waits until all have given their numbers,
 * and every rank gets the sum. A rank that aborts ends the others, where they wait.
 */
export const ranks = async <T>(
  size: number, run: (communicator: Communicator) => Promise<T>,
): Promise<readonly Outcome<T>[]> => {
  let waiting: { readonly values: Float32Array | Float64Array; readonly done: () => void }[] = []
  let fail: (error: Error) => void
  const failed = new Promise<never>((_, reject) => (fail = reject))
  failed.catch(() => undefined)
  const communicatorOf = (rank: number): Communicator => ({
    rank, size, answersLater: true,
    allReduce: (values) => Promise.race([failed, new Promise<void>((done) => {
      if (waiting.some((one) => one.values.length !== values.length)) throw new Error('arrays of different lengths')
      waiting.push({ values, done })
      if (waiting.length < size) return
      const sum = values.map((_, i) => waiting.reduce((all, one) => all + one.values[i]!, 0))
      const all = waiting
      waiting = []
      for (const one of all) {
        one.values.set(sum)
        one.done()
      }
    })]),
    abort: (error) => fail(new Error(`aborted by rank ${rank}`, { cause: error })),
  })
  return Promise.all(Array.from({ length: size }, async (_, rank): Promise<Outcome<T>> => {
    try {
      return { value: await run(communicatorOf(rank)) }
    } catch (error) {
      return { error: error as Error }
    }
  }))
}

/** The values of all ranks; the error of the first that failed is thrown. */
export const allRanks = async <T>(size: number, run: (communicator: Communicator) => Promise<T>): Promise<T[]> =>
  (await ranks(size, run)).map((outcome) => {
    if ('value' in outcome) return outcome.value
    throw outcome.error
  })
