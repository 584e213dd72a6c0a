import { writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { Worker } from 'node:worker_threads'
import { RecurraError } from '@recurra/tensor'
import type { CheckedReduction } from './checked-reduction.ts'
import type { MpiLibrary } from './mpi-library.ts'

const [firstSpeaks, oddSpeaks, forwarded] = [1200, 3000, 500] // milliseconds

/**
 * Sees to it that no process waits for one that is gone: an uncaught error, an exit code, or the end of one process
 * before the others ends all, with one message. At the end of the program all leave together.
 */
export const guardProcess = (
  mpi: MpiLibrary, reduction: CheckedReduction,
): { readonly abort: (error: unknown, code: number, text: string) => void } => {
  const { rank, size } = mpi
  let ended = false
  const abort = (error: unknown, code: number, text = textOf(error)): void => {
    if (ended) return
    ended = true
    // An error that all have met is reported by rank 0, and one of another rank by that.
    const isElsewhere = (error as { readonly elsewhere?: boolean } | undefined)?.elsewhere === true
    sleep(isElsewhere ? oddSpeaks : rank > 0 ? firstSpeaks : 0)
    tell(`rank ${rank} of ${size} on ${hostname()}: ${text}`)
    sleep(forwarded) // MPICH ends its launcher first, and with it what that has not printed yet
    mpi.abort(code)
  }
  const leave = (code: number): void => {
    if (ended) return
    if (code !== 0) return abort(`it exited with code ${code}`, code)
    try {
      if (reduction.leave()) mpi.finalize()
      else abort(new RecurraError(leftEarly), 1)
    } catch (error) {
      abort(error, 1)
    }
    ended = true
  }
  process.on('exit', leave)
  process.on('uncaughtExceptionMonitor', (error) => abort(error, 1))
  endWithParent()
  return { abort }
}

const leftEarly = {
  where: 'mpi', expected: 'every process to train as long as the others',
  got: 'process.exit, or the end of its program', fix: 'Let all call fit equally often.',
}

/** At once: what waits in a buffer would end with the process. */
const tell = (line: string): void => {
  try {
    writeSync(2, `${line}\n`)
  } catch {
    // nobody reads
  }
}

/** An error on purpose says all in its message; of others the stack is needed. */
export const textOf = (error: unknown): string =>
  error instanceof RecurraError ? error.message : error instanceof Error ? error.stack ?? error.message : String(error)

const sleep = (milliseconds: number): void => {
  if (milliseconds > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

/** mpirun kills what it started: if that is npx, this process would always wait for the others. */
const endWithParent = (): void => {
  const watcher = new Worker(
    `const { ppid } = process
    setInterval(() => { if (process.ppid !== ppid) process.kill(process.pid, 'SIGKILL') }, 500)`,
    { eval: true, name: 'recurra-mpi', execArgv: [] },
  )
  watcher.unref()
}
