import type { ReadBack } from '@recurra/backend'
import { ConfigurationError } from '@recurra/tensor'

/**
 * Reads numbers back where the caller cannot wait for them.
 * @throws `ConfigurationError` if the backend answers later.
 */
export const readNow = (readBack: ReadBack): void => {
  if (readBack.run() !== undefined) throw laterFault()
}

/**
 * The result of a call that cannot wait for it.
 * @throws `ConfigurationError` if it comes later.
 */
export const now = (result: number | Promise<number>): number => {
  if (typeof result === 'number') return result
  result.catch(() => {}) // the error below is the one that counts
  throw laterFault()
}

const laterFault = (): ConfigurationError =>
  new ConfigurationError({
    where: 'backend',
    expected: 'one that answers at once',
    got: 'one that answers later',
    fix: 'Await `fit`, or `stepAsync`, `addAsync` and `updateAsync` of a Trainer.',
  })
