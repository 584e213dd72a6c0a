import type { AbortSignalLike } from '@recurra/tensor'

const patience = 300 // milliseconds: a terminal and npm may both pass on the same Ctrl-C
const showCursor = '\u001b[?25h'

/**
 * An `AbortSignal` for a clean end: it aborts on Ctrl-C, when the process is asked to terminate, when its terminal is
 * closed, and when its output is no longer read (`| head`). A second Ctrl-C exits at once.
 *
 * ```ts
 * import { interrupted } from 'recurra/terminal'
 *
 * const signal = interrupted() // for fit(model, data, { loss, signal })
 * console.log(signal.aborted) // false
 * ```
 */
export const interrupted = (): AbortSignalLike => {
  const controller = new AbortController()
  let first = Infinity
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => {
      if (performance.now() > first + patience) die(name)
      first = Math.min(first, performance.now())
      controller.abort()
    })
  process.on('SIGHUP', () => {
    controller.abort()
    process.once('exit', () => die('SIGHUP')) // else Node crashes where it resets a terminal that is gone
  })
  process.stdout.on('error', () => controller.abort())
  return controller.signal
}

/** By the signal itself: `process.exit` waits for what is being written, forever where a disk does not answer. */
const die = (name: NodeJS.Signals): void => {
  if (process.stdout.isTTY) process.stdout.write(showCursor) // a bar hides it
  process.removeAllListeners(name)
  process.kill(process.pid, name)
}
