import { didYouMean } from '@recurra/tensor'
import { parseArgs } from 'citty'
import { expectKnownFlags, flagError, joinRepeated, UsageError } from '../terminal/options.ts'
import { helpOf, overview, plain, shared, usageLine, version, type Command, type CommandEntry } from './command.ts'
import { commands } from './commands.ts'
import { failureOf } from './failure.ts'
import { mindOutput, Output } from './output.ts'

const asks = (words: readonly string[], ...flags: readonly string[]): boolean =>
  words.some((word) => flags.includes(word))

/**
 * Does what a command line says. The exit code is 0 if all went well, 1 if it failed, 2 if it was asked for what makes
 * no sense.
 */
export const main = async (words: readonly string[]): Promise<void> => {
  mindOutput()
  const [name, ...rest] = words
  const entry = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
  if (entry) return run(name!, entry, rest)
  if (asks(words, '--help', '-h')) return console.log(plain(await overview(commands, version()), process.stdout))
  if (asks(words, '--version', '-v')) return console.log(version())
  console.error(plain(name === undefined ? await overview(commands, version()) : unknown(name), process.stderr))
  process.exitCode = 2
}

const unknown = (name: string): string =>
  `recurra: expected one of ${Object.keys(commands).join(', ')}, got ${name}. ` +
  `${didYouMean(name, Object.keys(commands))}See recurra --help.`

/** citty asks for words that are missing, and not for flags. */
const expectRequired = (args: Readonly<Record<string, unknown>>, { flags }: Command): void => {
  for (const [flag, { type, required, options = [] }] of Object.entries(flags as Readonly<Record<string, EnumFlag>>))
    if (required && type === 'enum' && args[flag] === undefined)
      throw flagError(flag, `one of ${options.join(', ')}`, '')
}

interface EnumFlag {
  readonly type?: string
  readonly required?: boolean
  readonly options?: readonly string[]
}

const run = async (name: string, { about, load }: CommandEntry, rest: readonly string[]): Promise<void> => {
  const command = await load()
  const before = rest.slice(0, rest.includes('--') ? rest.indexOf('--') : rest.length)
  if (asks(before, '--help', '-h')) return console.log(plain(await helpOf(name, about, command), process.stdout))
  const output = new Output(asks(before, '--json'))
  try {
    const flags = { ...command.flags, ...shared }
    const args = { ...parseArgs(joinRepeated(rest, flags), flags) }
    expectKnownFlags(args, flags)
    expectRequired(args, command)
    await command.run(args, output)
  } catch (error) {
    output.end()
    const { line, code } = failureOf(error)
    if (process.env['RECURRA_DEBUG'] && !(error instanceof UsageError)) console.error(error)
    console.error(plain(`recurra ${name}: ${line}`, process.stderr))
    if (code === 2) console.error(`${await usageLine(name, command)}\nSee recurra ${name} --help.`)
    process.exitCode = code
  } finally {
    output.end()
  }
}
