import { readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { defineCommand, renderUsage, runCommand, type ArgsDef } from 'citty'
import { RecurraError } from 'recurra'
import { expectKnownFlags, interrupted, Report, integer, type Parsed } from 'recurra/terminal'
import { shared } from './options.ts'

/** What a run of an example has at hand. */
export interface Run {
  /** Whether a few seconds must do. */
  readonly quick: boolean
  /** Decides all that is random. */
  readonly seed: number
  /** The example's own flags, as text. */
  readonly args: Parsed
  /** Aborted by Ctrl-C: training ends, and what was learned is still reported. */
  readonly signal: AbortSignal
  /** Where to show things. */
  readonly report: Report
}

/** What came out of it. */
export interface Outcome {
  /** What was measured, e.g. `held-out accuracy`. */
  readonly metric: string
  /** What the model reached. */
  readonly value: number
  /** What the best of those reached that cannot solve the task. */
  readonly baseline: number
  /** How many numbers the model learns. */
  readonly parameters: number
  /** Further numbers, by name. */
  readonly more?: { readonly [name: string]: number }
}

/** A program that shows what the library can do. Its sentence is the `description` of its package. */
export interface Example {
  /** Its own flags, for citty; `--quick`, `--json`, `--seed` and `--help` are there already. */
  readonly flags?: ArgsDef
  readonly run: (run: Run) => Promise<Outcome>
}

/**
 * Errors made on purpose, by this library or by citty, are one line; any other is a fault of the program and shows
 * where.
 */
const isComplaint = (error: unknown): error is Error =>
  error instanceof RecurraError || (error instanceof Error && error.name === 'CLIError')
const plain = (text: string, { isTTY }: NodeJS.WriteStream): string => (isTTY ? text : stripVTControlCharacters(text))
const rounded = (value: number): number => Number(value.toPrecision(4))

/**
 * Runs an example as a program of its own: `await example(import.meta.url, { run })` is all that its `main.ts` does.
 */
export const example = async (main: string, { flags = {}, run }: Example): Promise<void> => {
  const name = main.split('/').at(-3)!
  const { description } = JSON.parse(readFileSync(new URL('../package.json', main), 'utf8')) as { description: string }
  const all = { ...flags, ...shared }
  const command = defineCommand({
    meta: {
      name: `npm run example ${name} --`,
      description: `${description} Ctrl-C ends the training; what was learned is still shown.`,
    },
    args: all,
    run: async ({ args }) => {
      expectKnownFlags(args, all)
      const [seed, report, start] = [
        integer(args, 'seed', 0, Number.MAX_SAFE_INTEGER),
        new Report(),
        performance.now(),
      ]
      const { metric, value, baseline, parameters, more } = await run({
        quick: args['quick'] === true,
        seed,
        args,
        signal: interrupted(),
        report,
      }).finally(() => report.end()) // else the bar would hold up the end of the program after an error
      const seconds = Number(((performance.now() - start) / 1000).toFixed(1))
      report.say(
        `\n${metric}: ${rounded(value)}; baseline: ${rounded(baseline)}; ` +
          `${parameters.toLocaleString('en')} parameters, ${seconds} s`,
      )
      if (args['json'] === true)
        console.log(JSON.stringify({ example: name, metric, value, baseline, seconds, parameters, ...more }))
    },
  })
  const rawArgs = process.argv.slice(2)
  try {
    if (rawArgs.some((arg) => arg === '--help' || arg === '-h'))
      console.log(plain(await renderUsage(command), process.stdout))
    else await runCommand(command, { rawArgs })
  } catch (error) {
    if (!isComplaint(error)) throw error
    console.error(plain(error.message, process.stderr))
    process.exitCode = 1
  }
}
