import { failureOf } from './failure.ts'

/** A pipe whose other end left, as `head` does; a terminal that was closed. */
const nobodyReads: readonly (string | undefined)[] = ['EPIPE', 'EIO']

/**
 * An output that fails ends the process, or asks a training to end well (see `interrupted`); it is no failure that
 * nobody reads any more.
 */
export const mindOutput = (): void => {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!nobodyReads.includes(error.code) && process.exitCode === undefined) {
      process.exitCode = 1
      console.error(`recurra: standard output: ${failureOf(error).line}`)
    }
    if (process.stdout.listenerCount('error') === 1) process.exit() // or else a training saves first
  })
  process.stderr.on('error', () => undefined) // there is no other place to complain
}
