import type { Progress } from '@recurra/training'
import { Report, type BarOptions } from '../terminal/report.ts'
import { failureOf } from './failure.ts'
import type { Note } from './notes.ts'

/** Where a command says what it does: texts for people, or lines of JSON for machines. */
export class Output {
  /** Whether machines read it. */
  readonly json: boolean
  readonly #report = new Report()

  /** Whether nothing is said: another rank speaks for all. */
  readonly #silent: boolean

  constructor(json: boolean, silent = false) {
    this.json = json
    this.#silent = silent
  }

  /** Says the same to both: a text, or an object in one line. */
  say(text: string, event: object): void {
    if (!this.#silent) this.#report.say(this.json ? JSON.stringify(event) : text)
  }

  /** Says on the standard error what must be known of a result, which has the standard output for itself. */
  note({ text, figures }: Note): void {
    console.error(this.json ? JSON.stringify({ event: 'note', note: text, ...figures }) : `note: ${text}`)
  }

  /** A piece of text that continues. */
  write(piece: string): void {
    process.stdout.write(piece)
  }

  /** A bar that renews itself on a terminal, a line now and then in a pipe, nothing for machines. */
  bar(options: BarOptions): (progress: Progress) => void {
    return this.json || this.#silent ? () => undefined : this.#report.bar(options)
  }

  /** Ends the bar. */
  end(): void {
    this.#report.end()
  }
}

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
