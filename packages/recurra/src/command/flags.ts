import type { ArgsDef } from 'citty'
import { integer, type Flags, type Parsed } from '../terminal/options.ts'

/** A flag of the command: what citty reads, and what stands in the help. */
export type Flag = Flags[string] & ArgsDef[string] & { readonly description: string }

/** A word without a name. */
export const word = (description: string): Flag => ({ type: 'positional', required: true, description })

/** A value that stands as `hint` in the help. Numbers are texts, because citty knows no numbers. */
export const text = (hint: string, description: string, fallback?: string): Flag =>
  ({ type: 'string', valueHint: hint, description, ...(fallback !== undefined && { default: fallback }) })

/** One of some words. */
export const oneOf = (options: string[], description: string, fallback?: string): Flag =>
  ({ type: 'enum', options, description, ...(fallback !== undefined && { default: fallback }) })

/** What is on or off. */
export const toggle = (description: string): Flag => ({ type: 'boolean', default: false, description })

/** The integer after a flag that may be left out. */
export const integerIn = (args: Parsed, name: string, least: number, most?: number): number | undefined =>
  args[name] === undefined ? undefined : integer(args, name, least, most)
