import type { ArgsDef } from 'citty'
import type { Flags, Parsed } from '../terminal/options.ts'
import type { Output } from './output.ts'

/** One of the things that `recurra` does. It is light: what it needs is loaded when it runs. */
export interface Command {
  /** A sentence. */
  readonly description: string
  /** Its words and flags, for citty; `--json` and `--help` are there already. */
  readonly flags: ArgsDef & Flags
  /** What may be said to some of them, where that takes a while to load; for the help. */
  readonly choices?: () => Promise<{ readonly [flag: string]: readonly string[] }>
  /** Lines that one may type. */
  readonly examples: readonly string[]
  readonly run: (args: Parsed, output: Output) => Promise<void>
}

/** What every command can be told. */
export const shared = {
  json: { type: 'boolean', description: 'for machines: one line of JSON for each event, or for the result' },
} as const
