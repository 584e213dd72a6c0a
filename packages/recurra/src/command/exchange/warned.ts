import type { Parsed } from '../../terminal/options.ts'
import { inFlags } from '../advice.ts'
import type { Output } from '../output.ts'

/** A list in a flag, by commas. */
export const listed = (args: Parsed, flag: string): readonly string[] =>
  args[flag] === undefined ? [] : String(args[flag]).split(',')

/** What was assumed or left out: told at once beside the output, and kept for machines. */
export const warned = (
  output: Output,
): { readonly warnings: readonly string[]; readonly onWarning: (message: string) => void } => {
  const warnings: string[] = []
  const onWarning = (message: string): void => {
    warnings.push(inFlags(message))
    if (!output.json) console.error(`note: ${inFlags(message)}`)
  }
  return { warnings, onWarning }
}
