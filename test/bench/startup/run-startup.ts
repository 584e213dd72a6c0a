import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Options } from '../options.ts'
import { median } from '../statistics.ts'
import { short, table } from '../table.ts'

/** Milliseconds from the import of the library to the end of the first training step. */
const target = 60

interface Started {
  readonly import: number
  readonly model: number
  readonly plan: number
  readonly step: number
  readonly all: number
  readonly cpu: number
}

const output = (command: string, ...args: string[]): string => {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stdout + stderr)
  return stdout
}

/** `npm run bench -- startup`: one process after the other imports the library, as it is built, and trains a step. */
export const runStartup = ({ quick, json }: Options): void => {
  output('npm', 'run', '--silent', '--prefix', '../../..', 'build')
  const runs = Array.from(
    { length: quick ? 7 : 31 },
    () => JSON.parse(output(process.execPath, 'first-step.mjs')) as Started,
  )
  const of = (part: keyof Started): number[] => runs.map((run) => run[part])
  const parts = ['import', 'model', 'plan', 'step', 'all', 'cpu'] as const
  if (json)
    return console.log(
      JSON.stringify({
        workload: 'startup',
        unit: 'ms',
        ...Object.fromEntries(parts.map((part) => [part, median(of(part))])),
      }),
    )
  console.log(
    `From the import of the built library to the end of the first training step of an LSTM, ${runs.length} processes\n`,
  )
  console.log(
    table(
      ['', 'ms', 'min', 'max'],
      parts.map((part) => [part, short(median(of(part))), short(Math.min(...of(part))), short(Math.max(...of(part)))]),
    ),
  )
  console.log(
    `\nall: the target is ${target} ms; ` +
      "cpu: what the process computed from its beginning, Node's own start and other threads with it",
  )
}
