import { ConfigurationError } from '@recurra/tensor'
import type { Backend } from './backend.ts'

/** Continues with a result: at once if it is there, as on all CPU backends, else when its promise resolves. */
export const after = <T, U>(result: T | Promise<T>, next: (result: T) => U): U | Promise<Awaited<U>> =>
  result instanceof Promise ? (result.then(next) as Promise<Awaited<U>>) : next(result)

/** Several results: at once if all are there, else a promise of all. */
export const allOf = <const T extends readonly unknown[]>(
  results: T,
): { -readonly [I in keyof T]: Awaited<T[I]> } | Promise<{ -readonly [I in keyof T]: Awaited<T[I]> }> =>
  results.some((one) => one instanceof Promise) ? Promise.all(results) : (results as never)

/**
 * Checks that a backend is synchronous, before a call that cannot wait for results; `instead` names the call that can.
 * @throws `ConfigurationError` if it is asynchronous; nothing has run then.
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
