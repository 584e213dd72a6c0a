import { ValueError } from '@recurra/tensor'

/**
 * A command line that is invalid: an unknown flag, a value that does not fit. Commands end with 2 after it, not
 * with 1.
 */
export class UsageError extends ValueError {
  override readonly name: string = 'UsageError'
}

/** The error of a flag whose value does not fit; an empty value is none. */
export const flagError = (name: string, expected: string, got: string, fix = 'See --help.'): UsageError =>
  new UsageError({ where: `--${name}`, expected, got: got || 'nothing', fix })
