import { spawn, type ChildProcess } from 'node:child_process'
import { inject, vi } from 'vitest'

/** What the command did. */
export interface Ended {
  readonly code: number | null
  /** The signal that it ended by, if it did. */
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly err: string
  /** Its lines as JSON, where they are that. */
  readonly json: readonly Readonly<Record<string, unknown>>[]
}

vi.setConfig({ testTimeout: 90_000 }) // each command is a process of its own, which takes its time on a busy machine

const command = inject('command')

/** What happens to a command while it runs. */
export interface Interruption {
  /** Comes when its output is like this. */
  readonly interruptAt?: RegExp
  /** What happens then; `out` is its output so far. Default: Ctrl-C. */
  readonly interrupt?: (child: ChildProcess, out: string) => unknown
}

/** Runs the command as a process of its own, with its output in pipes, and perhaps interrupts it. */
export const recurraWith = (
  words: readonly string[],
  { interruptAt, interrupt = (child) => child.kill('SIGINT') }: Interruption = {},
): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [command, ...words], { env: { ...process.env, NO_COLOR: '1' } })
    let [out, err, interrupted] = ['', '', false]
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      if (interrupted || !interruptAt?.test(out)) return
      interrupted = true
      void interrupt(child, out)
    })
    child.on('close', (code, signal) => {
      resolve({
        code,
        signal,
        out,
        err,
        get json() {
          return out
            .split('\n')
            .filter((line) => line.startsWith('{'))
            .map((line) => JSON.parse(line) as Ended['json'][number])
        },
      })
    })
  })

/** Runs the command to its end. */
export const recurra = (...words: readonly string[]): Promise<Ended> => recurraWith(words)
