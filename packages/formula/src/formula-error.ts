/**
 * An operand of a formula that is neither an expression nor a number. The message names the operation, the operand, and
 * what to pass; the package stands below that of `RecurraError`, so it is not one of them.
 */
export class FormulaError extends TypeError {
  /** The operation and its operand: `mul, operand 2`. */
  readonly where: string
  /** What fits. */
  readonly expected: string
  /** What was passed. */
  readonly got: string
  /** What to pass instead. */
  readonly fix: string

  constructor(where: string, value: unknown) {
    const [expected, got] = ['an expression or a number', shown(value)]
    const fix =
      typeof value === 'string' ? "Pass a number, or input('name') for an operand." : 'Pass an expression or a number.'
    super(`${where}: expected ${expected}, got ${got}. ${fix}`)
    this.name = 'FormulaError'
    this.where = where
    this.expected = expected
    this.got = got
    this.fix = fix
  }
}

const shown = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value)
  if (value === null || ['undefined', 'boolean', 'bigint'].includes(typeof value)) return String(value)
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? `an object, ${value.constructor?.name ?? 'without a class'}` : `a ${typeof value}`
}
