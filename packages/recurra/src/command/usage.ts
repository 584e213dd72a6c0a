import { stripVTControlCharacters } from 'node:util'
import { renderUsage } from 'citty'
import { shared, type Command } from './command.ts'
import { fitted } from './fitted.ts'

/** Colours are for terminals. */
export const plain = (text: string, { isTTY }: NodeJS.WriteStream): string =>
  isTTY ? text : stripVTControlCharacters(text)

/** What a command is told, and how: its whole help, for citty. */
const defined = (name: string, { description, flags }: Command) => ({
  meta: { name: `recurra ${name}`, description },
  args: { ...flags, ...shared },
})

/** citty pads all lines to one length, however long that is. */
const trimmed = (text: string): string => fitted(text.replace(/ +$/gm, ''))

/** The help of one command, with its examples. */
export const helpOf = async (name: string, { choices, ...command }: Command): Promise<string> => {
  const flags = { ...command.flags }
  for (const [flag, names] of Object.entries((await choices?.()) ?? {}))
    flags[flag] = { ...flags[flag]!, description: `${flags[flag]!.description}: ${names.join(', ')}` }
  const examples = command.examples.map((line) => `  ${line}`).join('\n')
  return `${trimmed(await renderUsage(defined(name, { ...command, flags })))}\nEXAMPLES\n\n${examples}\n`
}

/** The line of a command's help that says how it is called. */
export const usageLine = async (name: string, command: Command): Promise<string> =>
  stripVTControlCharacters(await renderUsage(defined(name, command)))
    .split('\n')
    .find((line) => line.startsWith('USAGE'))!
    .replace('USAGE ', 'usage: ')
    .trimEnd()

/** The help of `recurra` itself. */
export const overview = async (commands: Readonly<Record<string, Command>>, version: string): Promise<string> =>
  `${trimmed(
    await renderUsage({
      meta: {
        name: 'recurra',
        version,
        description: 'Recurrent neural networks: trains them on your files, and lets them write, predict and move on.',
      },
      subCommands: Object.fromEntries(
        Object.entries(commands).map(([name, { description }]) => [name, { meta: { description } }]),
      ),
    }),
  )}\n\nEXAMPLES\n\n  recurra train story.txt --out run\n  recurra sample run --prompt "Once upon" --length 400\n`
