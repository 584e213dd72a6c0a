const patience = 300 // milliseconds: a terminal and npm may both pass on the same Ctrl-C

/**
 * A signal for Ctrl-C, and for whoever asks the process to end: the first asks to end well, a later one ends at once.
 *
 * ```ts
 * import { interrupted } from 'recurra/terminal'
 *
 * const signal = interrupted() // for fit(model, data, { loss, signal })
 * console.log(signal.aborted) // false
 * ```
 */
export const interrupted = (): AbortSignal => {
  const controller = new AbortController()
  let first = Infinity
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => {
      if (performance.now() > first + patience) process.exit(130)
      first = Math.min(first, performance.now())
      controller.abort()
    })
  return controller.signal
}
