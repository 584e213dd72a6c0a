import { keras, pytorch, recurra, type ParameterLayout } from '@recurra/formats'
import type { Parsed } from '../../terminal/options.ts'

interface Layouts {
  readonly recurra: ParameterLayout
  readonly pytorch: ParameterLayout
  readonly keras: ParameterLayout
}

const layouts: Layouts = { recurra, pytorch, keras }

/** The layout that a flag names; ours without it. */
export const layoutNamed = (args: Parsed, flag: string): ParameterLayout =>
  layouts[(args[flag] ?? 'recurra') as keyof Layouts]
