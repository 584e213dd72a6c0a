import { gru, lstm, minGru, peepholeLstm, rnn, ValueError } from 'recurra'

/** The cells that can be asked for. */
export const cells = { rnn, lstm, peepholeLstm, gru, minGru } as const

/** What a run is told to do. */
export interface Options {
  readonly text?: string
  readonly cell: keyof typeof cells
  readonly layers: number
  readonly hidden: number
  readonly seconds: number
  readonly seed: number
  readonly profile: boolean
}

/** The command line, for citty. Numbers come as text, because citty knows no numbers. */
export const flags = {
  text: { type: 'string', valueHint: 'file', description: 'what to read, as UTF-8 text; Moby Dick without it' },
  cell: { type: 'enum', options: Object.keys(cells), default: 'gru', description: 'the kind of recurrent layer' },
  layers: { type: 'string', valueHint: 'count', default: '2', description: 'how many of them, one on top of the other' },
  hidden: { type: 'string', valueHint: 'units', default: '128', description: 'units in each' },
  seconds: { type: 'string', valueHint: 'time', default: '60', description: 'how long to train' },
  seed: { type: 'string', valueHint: 'number', default: '1', description: 'same seed, same start' },
  profile: { type: 'boolean', default: false, description: 'says at the end where the time of a step went' },
} as const

/** What citty makes of the command line: the flags it knows, those it does not, and words without a flag under `_`. */
export type Parsed = Readonly<Record<string, unknown>>

/** Checks the command line; the first thing that is wrong with it is a `ValueError` that names the flag. */
export const optionsOf = (args: Parsed): Options => {
  const known = Object.keys(flags)
  const unknown = Object.keys(args).find((name) => name !== '_' && !known.includes(name)) ?? (args['_'] as readonly string[])[0]
  if (unknown !== undefined)
    throw new ValueError({ where: 'command line', expected: `only ${known.map((name) => `--${name}`).join(', ')}`, got: unknown, fix: 'See --help.' })
  const text = args['text'] === undefined ? {} : { text: String(args['text']) }
  return {
    ...text,
    cell: args['cell'] as Options['cell'],
    layers: wholeNumber(args, 'layers', 1, 16),
    hidden: wholeNumber(args, 'hidden', 1, 4096),
    seconds: number(args, 'seconds', 'a number of seconds above 0', (value) => value > 0 && value < 1e6),
    seed: wholeNumber(args, 'seed', 0, Number.MAX_SAFE_INTEGER),
    profile: args['profile'] === true,
  }
}

const wholeNumber = (args: Parsed, name: string, least: number, most: number): number =>
  number(args, name, `a whole number from ${least} to ${most}`, (value) => Number.isInteger(value) && value >= least && value <= most)

const number = (args: Parsed, name: string, expected: string, fits: (value: number) => boolean): number => {
  const given = String(args[name]).trim()
  const value = given === '' ? Number.NaN : Number(given)
  if (fits(value)) return value
  throw new ValueError({ where: `--${name}`, expected, got: given === '' ? 'nothing' : given, fix: 'See --help.' })
}
