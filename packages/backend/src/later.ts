import { ConfigurationError } from '@recurra/tensor'
import type { Backend } from './backend.ts'

/**
 * Goes on with a result: at once on a backend that answers at once, as all that compute on the CPU, else when the
 * promise of it is kept.
 */
export const after = <T, U>(result: T | Promise<T>, next: (result: T) => U): U | Promise<Awaited<U>> =>
  result instanceof Promise ? (result.then(next) as Promise<Awaited<U>>) : next(result)

/** Several results: all at once, or a promise of all where one comes later. */
export const allOf = <const T extends readonly unknown[]>(
  results: T,
): { -readonly [I in keyof T]: Awaited<T[I]> } | Promise<{ -readonly [I in keyof T]: Awaited<T[I]> }> =>
  results.some((one) => one instanceof Promise) ? Promise.all(results) : (results as never)

/**
 * Checks that results are there at once, before a call that cannot wait for them; `instead` is what can.
 * @throws `ConfigurationError` if they come later; nothing has run then.
 */
export const expectAtOnce = ({ name, answersLater }: Pick<Backend, 'name' | 'answersLater'>, instead: string): void => {
  if (!answersLater) return
  throw new ConfigurationError({
    where: name,
    expected: 'a backend that answers at once',
    got: 'one that answers later',
    fix: `Await ${instead}.`,
  })
}
