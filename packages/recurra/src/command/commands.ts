import type { Command } from './command.ts'
import { inspect } from './commands/inspect.ts'

/** All that there is, in the order of the help. */
export const commands: Readonly<Record<string, Command>> = { inspect }
