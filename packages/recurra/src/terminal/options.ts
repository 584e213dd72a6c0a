import { didYouMean, ValueError } from '@recurra/tensor'

/** An invalid command line: an unknown flag, or an invalid value. Commands then exit with 2, not with 1. */
export class UsageError extends ValueError {
  override readonly name: string = 'UsageError'
}

/** The error of a flag whose value does not fit; an empty value is none. */
export const flagError = (name: string, expected: string, got: string, fix = 'See --help.'): UsageError =>
  new UsageError({ where: `--${name}`, expected, got: got || 'nothing', fix })

/** The command line as citty parses it: known flags, unknown flags, and words without a flag under `_`. */
export type Parsed = Readonly<Record<string, unknown>>

/** The flags of a program, as citty takes them. */
export interface Flags {
  /** What kind each is of: `string`, `boolean`, `enum` or `positional`. */
  readonly [name: string]: {
    /** What stands for its value in the help; one that takes a list has commas in it: `a,b`. */
    readonly valueHint?: string | undefined
    /** What it takes, in the words of citty; what is 'positional' is no option. */
    readonly type?: string | undefined
    /** Of an `enum`, what it may be; one that may be `true` is so where it stands alone. */
    readonly options?: readonly string[]
  }
}

/**
 * Checks that every word is a flag of the program, or an argument that it accepts.
 *
 * ```ts
 * import { expectKnownFlags } from 'recurra/terminal'
 *
 * try {
 *   expectKnownFlags({ _: [], laeyrs: '2' }, { layers: { type: 'string' } })
 * } catch (error) {
 * // command line: expected only --layers, got --laeyrs. Did you mean --layers? See --help.
 *   console.log((error as Error).message)
 * }
 * ```
 * @throws `UsageError` at the first that is neither.
 */
export const expectKnownFlags = (args: Parsed, flags: Flags): void => {
  const known = Object.keys(flags).filter((name) => flags[name]!.type !== 'positional')
  const options = known.map((name) => `--${name}`)
  const words = args['_'] as readonly string[]
  const taken = Object.keys(flags).length - known.length
  const strange = Object.keys(args).find(
    (name) => name !== '_' && !(name in flags) && !known.some((one) => camelCase(one) === name),
  )
  const unknown = strange === undefined ? words[taken] : `${strange.length > 1 ? '--' : '-'}${strange}`
  if (unknown !== undefined)
    throw new UsageError({
      where: 'command line',
      expected: `only ${options.join(', ')}`,
      got: unknown,
      fix: `${didYouMean(unknown, options)}See --help.`,
    })
}

/** citty knows `--top-p` under this name, too. */
const camelCase = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

/**
 * The integer after a flag, or `fallback` if the flag is missing.
 *
 * ```ts
 * import { integer } from 'recurra/terminal'
 *
 * console.log(integer({ layers: '2' }, 'layers', 1, 8)) // 2
 * console.log(integer({}, 'layers', 1, 8, 1)) // 1
 * ```
 * @throws `UsageError` if there is neither, or it is not such an integer; it names the flag.
 */
export const integer = (
  args: Parsed, name: string, least: number, most: number = Number.MAX_SAFE_INTEGER, fallback?: number,
): number => {
  const range = most < Number.MAX_SAFE_INTEGER ? `from ${least} to ${most}` : `of at least ${least}`
  const fits = (value: number): boolean => Number.isInteger(value) && value >= least && value <= most
  return number(args, name, `an integer ${range}`, fits, fallback)
}

/**
 * The number after a flag, or `fallback` if the flag is missing.
 *
 * ```ts
 * import { number } from 'recurra/terminal'
 *
 * console.log(number({ rate: '1e-3' }, 'rate', 'a number above 0', (rate) => rate > 0)) // 0.001
 * ```
 * @throws `UsageError` if there is neither, or it does not fit; it names the flag.
 */
export const number = (
  args: Parsed,
  name: string,
  expected: string,
  fits: (value: number) => boolean,
  fallback?: number,
): number => {
  if (args[name] === undefined && fallback !== undefined) return fallback
  const given = String(args[name] ?? '').trim()
  const value = given === '' ? Number.NaN : Number(given)
  if (fits(value)) return value
  throw flagError(name, expected, given)
}

/**
 * The path after a flag.
 *
 * ```ts
 * import { path } from 'recurra/terminal'
 *
 * console.log(path({ out: 'run' }, 'out')) // run
 * ```
 * @throws `UsageError` if it is missing or empty, as from a shell variable that is not set; it names the flag.
 */
export const path = (args: Parsed, name: string): string => {
  const given = String(args[name] ?? '')
  if (given.trim() !== '') return given
  throw flagError(name, 'a path', '')
}

/**
 * The words of a command line, where `--label a --label b` becomes `--label a,b` if the flag takes a list. Of other
 * flags that are given several times, the last counts.
 */
export const joinRepeated = (words: readonly string[], flags: Flags): string[] => {
  const joined: string[] = []
  const values = new Map<string, number>() // where they stand
  for (let i = 0; i < words.length; i++) {
    if (words[i] === '--') return [...joined, ...words.slice(i)]
    const [, name = '', inline] = /^--([\w-]+)(?:=(.*))?$/s.exec(words[i]!) ?? []
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined
    const { options = [] } = flag ?? {}
    if (options.includes('true') && inline === undefined && !options.includes(words[i + 1]!)) {
      joined.push(`${words[i]}=true`)
      continue
    }
    const takes = flag !== undefined && flag.type !== 'boolean' && flag.type !== 'positional'
    const value = inline ?? (words[i + 1]?.startsWith('-') ? undefined : words[i + 1])
    const before = takes && value !== undefined && flag.valueHint?.includes(',') ? values.get(name) : undefined
    if (before === undefined) {
      joined.push(words[i]!)
      if (takes && value !== undefined)
        values.set(name, (inline === undefined ? joined.push(words[++i]!) : joined.length) - 1)
    } else {
      joined[before] += `,${value}`
      if (inline === undefined) i++
    }
  }
  return joined
}
