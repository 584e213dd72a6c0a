import { ValueError } from 'recurra'

/** The options that every example has, for citty. Numbers come as text, because citty knows no numbers. */
export const shared = {
  quick: { type: 'boolean', default: false, description: 'a few seconds only, to see that it works' },
  json: { type: 'boolean', default: false, description: 'prints the outcome as JSON, in the last line' },
  seed: { type: 'string', valueHint: 'number', default: '1', description: 'same seed, same start' },
} as const

/** What citty makes of the command line: the flags it knows, those it does not, and words without a flag under `_`. */
export type Parsed = Readonly<Record<string, unknown>>

/** Throws a `ValueError` at the first word that is no flag of the example. */
export const expectKnown = (args: Parsed, flags: Readonly<Record<string, unknown>>): void => {
  const known = Object.keys(flags)
  const unknown = Object.keys(args).find((name) => name !== '_' && !known.includes(name)) ?? (args['_'] as readonly string[])[0]
  if (unknown !== undefined)
    throw new ValueError({ where: 'command line', expected: `only ${known.map((name) => `--${name}`).join(', ')}`, got: unknown, fix: 'See --help.' })
}

/** The whole number after a flag, or `fallback` where there is none. */
export const wholeNumber = (args: Parsed, name: string, least: number, most: number, fallback?: number): number =>
  number(args, name, `a whole number from ${least} to ${most}`, (value) => Number.isInteger(value) && value >= least && value <= most, fallback)

/** The number after a flag, or `fallback` where there is none. A `ValueError` that names the flag where it does not fit. */
export const number = (args: Parsed, name: string, expected: string, fits: (value: number) => boolean, fallback?: number): number => {
  if (args[name] === undefined && fallback !== undefined) return fallback
  const given = String(args[name] ?? '').trim()
  const value = given === '' ? Number.NaN : Number(given)
  if (fits(value)) return value
  throw new ValueError({ where: `--${name}`, expected, got: given === '' ? 'nothing' : given, fix: 'See --help.' })
}
