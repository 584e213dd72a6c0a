import { keras, pytorch, recurra, type ParameterLayout } from '@recurra/formats'
import type { Parsed } from '../../terminal/options.ts'

const layouts = { recurra, pytorch, keras } as const

/** The layout that a flag names. */
export const layoutNamed = (args: Parsed, flag: string): ParameterLayout => layouts[args[flag] as keyof typeof layouts]
