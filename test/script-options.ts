import { parseArgs } from 'node:util'

type Default = number | string | readonly [string, ...string[]]
type Given<D> = D extends number ? number : D extends readonly string[] ? D[number] : string

/**
 * The options of a script, `--name VALUE`: a number, a text, or a word of a list, whose first is the default. `--help`
 * prints what the script does and its defaults; what does not fit ends it with a message.
 */
export const scriptOptions = <const Defaults extends { readonly [name: string]: Default }>(
  about: string, defaults: Defaults,
): { readonly [name in keyof Defaults]: Given<Defaults[name]> } => {
  const known = Object.entries(defaults)
  const lines = known.map(([name, value]) => {
    const [fallback, ...others] = typeof value === 'object' ? value : [value]
    const choices = others.length > 0 ? `, or ${others.join(', ')}` : ''
    return `  --${name.padEnd(14)} default: ${fallback === '' ? 'none' : fallback}${choices}`
  })
  const usage = [about, '', ...lines].join('\n')
  const end = (message: string, code: number): never => {
    console.log(message)
    process.exit(code)
  }
  const read = (): { readonly [name: string]: string | boolean | undefined } => {
    const types = known.map(([name]) => [name, { type: 'string' }] as const)
    try {
      return parseArgs({ options: { ...Object.fromEntries(types), help: { type: 'boolean' } } }).values
    } catch (error) {
      return end(`${(error as Error).message}\n\n${usage}`, 2)
    }
  }
  const given = read()
  if (given['help']) end(usage, 0)
  const valueOf = (name: string, fallback: Default): number | string => {
    const text = given[name]
    if (typeof text !== 'string') return typeof fallback === 'object' ? fallback[0] : fallback
    const refused = (expected: string): never => end(`--${name}: expected ${expected}, got ${text}\n\n${usage}`, 2)
    if (typeof fallback === 'object') return fallback.includes(text) ? text : refused(`one of ${fallback.join(', ')}`)
    if (typeof fallback === 'string') return text
    const number = text === '' ? NaN : Number(text)
    return Number.isFinite(number) && number >= 0 ? number : refused('a number of at least 0')
  }
  return Object.fromEntries(known.map(([name, fallback]) => [name, valueOf(name, fallback)])) as {
    readonly [name in keyof Defaults]: Given<Defaults[name]>
  }
}
