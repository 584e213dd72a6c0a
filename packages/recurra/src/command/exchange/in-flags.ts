import { RecurraError } from '@recurra/tensor'
import type { Parsed } from '../../terminal/options.ts'
import { UsageError } from '../../terminal/usage-error.ts'
import type { Output } from '../output.ts'

/** What the library advises, and what it is called in the command. */
const words: readonly (readonly [advice: RegExp, flag: string])[] = [
  [/\{ order: \[.*?\] \}/g, '--order embedding,lstm,…'],
  [/\{ skip: \['(.*?)'\] \}/g, '--skip $1'],
  [/\{ recurrentActivation: '(\w+)' \}/g, '--recurrent-activation $1'],
  [/\{ layout: (\w+) \}/g, '--from $1'],
  [/Build the model yourself, and give it the parameters with loadParameters\./g, 'Say which layers it has: --like config.json.'],
  [/Build the model (with|as) /g, 'Describe the model in --like $1 '],
  [/Build it with \{ biases: (\d) \}/g, 'Write "biases": $1 into the options of the layer in --like'],
  [/; write F32\./g, '; pass --dtype f32.'],
  [/Leave out the layout: Recurra has a place for all of them\./g, 'Export it with --to npz, or convert it --to recurra: Recurra has a place for all of them.'],
]

/** A sentence of the library in the words of the command. */
const told = (sentence: string): string => words.reduce((text, [advice, flag]) => text.replace(advice, flag), sentence)

const translated = (error: unknown): unknown => {
  if (!(error instanceof RecurraError) || error instanceof UsageError) return error
  const { expected, got, fix, where, name } = error
  const complaint = { expected, got, fix: told(fix), ...(where !== undefined && { where }) }
  return Object.assign(new RecurraError(complaint), { name, cause: error })
}

/** Runs something whose errors then advise flags and not options of the library. */
export const inFlags = <T>(run: () => T): T => {
  try {
    const result = run()
    return (result instanceof Promise ? result.catch((error: unknown) => Promise.reject(translated(error) as Error)) : result) as T
  } catch (error) {
    throw translated(error)
  }
}

/** A list in a flag, by commas. */
export const listed = (args: Parsed, flag: string): readonly string[] => (args[flag] === undefined ? [] : String(args[flag]).split(','))

/** What was assumed or left out: told at once beside the output, and kept for machines. */
export const warned = (output: Output): { readonly warnings: readonly string[]; readonly onWarning: (message: string) => void } => {
  const warnings: string[] = []
  const onWarning = (message: string): void => {
    warnings.push(told(message))
    if (!output.json) console.error(`note: ${told(message)}`)
  }
  return { warnings, onWarning }
}
