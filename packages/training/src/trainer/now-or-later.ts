import type { ReadBack } from '@recurra/backend'

/** A promise where the backend answers later. */
export type Result = number | Promise<number>

/** Parts of a step that follow each other at once, or where the backend answers later, when it does. */
export interface NowOrLater {
  /** Runs a part, and forgets the step if it fails. */
  attempt<Given>(part: (given: Given) => Result, given: Given): Result
  /** Runs a part once something else is done. */
  once<Given>(waiting: void | Promise<void>, part: (given: Given) => Result, given: Given): Result
  /** Runs a part once values were read. */
  onceRead<Given>(readBack: ReadBack, part: (given: Given) => Result, given: Given): Result
}

/** `forget` undoes what a step began, and throws why it failed. */
export const nowOrLater = (forget: (error: unknown) => Promise<never>): NowOrLater => {
  const later = async <Given>(
    waiting: Promise<void>, part: (given: Given) => Result, given: Given,
  ): Promise<number> => {
    try {
      await waiting
      return await part(given)
    } catch (error) {
      return forget(error)
    }
  }
  const once = <Given>(waiting: void | Promise<void>, part: (given: Given) => Result, given: Given): Result =>
    waiting ? later(waiting, part, given) : part(given)
  return {
    attempt(part, given) {
      try {
        return part(given)
      } catch (error) {
        return forget(error)
      }
    },
    once,
    onceRead: (readBack, part, given) => once(readBack.run(), part, given),
  }
}
