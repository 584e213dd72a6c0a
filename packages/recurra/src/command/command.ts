import type { ArgsDef } from 'citty'
import type { Flags, Parsed } from '../terminal/options.ts'
import type { Output } from './output.ts'

/** One of the things that `recurra` does: a file in `commands`, and a line in the list of `commands.ts`. */
export interface Command {
  /** Its words and flags, for citty; `--json` and `--help` are there already. */
  readonly flags: ArgsDef & Flags
  /** Lines that one may type. */
  readonly examples: readonly string[]
  readonly run: (args: Parsed, output: Output) => Promise<void>
}

/** The flags of every command. */
export const shared = {
  json: { type: 'boolean', description: 'for machines: one line of JSON for each event, or for the result' },
} as const
