import type { Command } from './command.ts'
import { converting } from './commands/convert.ts'
import { evaluate } from './commands/evaluate.ts'
import { exporting } from './commands/export.ts'
import { importing } from './commands/import.ts'
import { inspect } from './commands/inspect.ts'
import { predict } from './commands/predict.ts'
import { resume } from './commands/resume.ts'
import { sample } from './commands/sample.ts'
import { train } from './commands/train.ts'

/** All that there is, in the order of the help. */
export const commands: Readonly<Record<string, Command>> = {
  train, resume, sample, predict, evaluate, inspect,
  export: exporting,
  import: importing,
  convert: converting,
}
