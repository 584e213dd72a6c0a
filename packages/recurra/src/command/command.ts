import { readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { renderUsage } from 'citty'
import type { Parsed } from '../terminal/options.ts'
import type { Flag } from './flags.ts'
import type { Output } from './output.ts'

/** One of the things that `recurra` does: a file in `commands`, and a line in the list of `commands.ts`. */
export interface Command {
  /** Its words and flags, for citty; `--json` and `--help` are there already. */
  readonly flags: Readonly<Record<string, Flag>>
  /** Lines that one may type. */
  readonly examples: readonly string[]
  readonly run: (args: Parsed, output: Output) => Promise<void>
}

/** A command in the list. What it needs is loaded when it is asked for. */
export interface CommandEntry {
  /** What it does, in a sentence. */
  readonly about: string
  readonly load: () => Promise<Command>
}

/** The folder of the package, which lies above this file: above src/command, and above dist/node. */
export const packageFolder: URL = new URL('../../', import.meta.url)

/** The version of the package. */
export const version = (): string => {
  const manifest = readFileSync(new URL('package.json', packageFolder), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}

/** The flags of every command. */
export const shared = {
  json: { type: 'boolean', description: 'for machines: one line of JSON for each event, or for the result' },
} as const

/** Colours are for terminals. */
export const plain = (text: string, { isTTY }: NodeJS.WriteStream): string =>
  isTTY ? text : stripVTControlCharacters(text)

/** The flags of a command and its help, for citty. */
const defined = (name: string, description: string, { flags }: Command) => ({
  meta: { name: `recurra ${name}`, description },
  args: { ...flags, ...shared },
})

/** citty pads all lines to one length, however long that is. */
const trimmed = (text: string): string => fitted(text.replace(/ +$/gm, ''))

/** The help of one command, with its examples. */
export const helpOf = async (name: string, about: string, command: Command): Promise<string> => {
  const examples = command.examples.map((line) => `  ${line}`).join('\n')
  return `${trimmed(await renderUsage(defined(name, about, command)))}\nEXAMPLES\n\n${examples}\n`
}

/** The line of a command's help that says how it is called. */
export const usageLine = async (name: string, command: Command): Promise<string> =>
  stripVTControlCharacters(await renderUsage(defined(name, '', command))).split('\n')
    .find((line) => line.startsWith('USAGE'))!
    .replace('USAGE ', 'usage: ')
    .trimEnd()

/** The help of `recurra` itself. */
export const overview = async (commands: Readonly<Record<string, CommandEntry>>, version: string): Promise<string> =>
  `${trimmed(
    await renderUsage({
      meta: {
        name: 'recurra', version,
        description: 'Recurrent neural networks: trains them on your files; generates, predicts, and exports them.',
      },
      subCommands: Object.fromEntries(
        Object.entries(commands).map(([name, { about }]) => [name, { meta: { description: about } }]),
      ),
    }).then((usage) => usage.replace(Object.keys(commands).join('|'), 'COMMAND')),
  )}\n\nEXAMPLES\n\n  recurra train story.txt --out run\n  recurra sample run --prompt "Once upon" --length 400\n`

const [page, column] = [80, 26]

const widthOf = (text: string): number => stripVTControlCharacters(text).length

/** The words of a text in lines that fit beside an indent, or behind it: a word that is longer stands alone. */
const lines = (text: string, indent: number, first = indent): string[] => {
  const made: string[] = []
  let [line, width] = ['', first]
  for (const word of text.split(' ')) {
    if (line !== '' && width + 1 + widthOf(word) > page) {
      made.push(line) ;[line, width] = ['', indent]
    }
    width += (line === '' ? 0 : 1) + widthOf(word)
    line += (line === '' ? '' : ' ') + word
  }
  return [...made, line]
}

/**
 * A help in the 80 columns of a terminal: what a row of a table says stands in a column of its own, beside its name or
 * below.
 */
const fitted = (help: string): string =>
  help.split('\n').flatMap((line) => {
    const [, name, about] = /^ +(\S.*?) {4,}(\S.*)$/.exec(line) ?? []
    if (name !== undefined && about !== undefined) {
      const beside = 2 + widthOf(name) + 2 <= column
      const [head, ...rest] = lines(about, column)
      const pad = ' '.repeat(column)
      const below = [head!, ...rest].map((text) => pad + text)
      return beside
        ? [`  ${name}${' '.repeat(column - 2 - widthOf(name))}${head}`, ...rest.map((text) => pad + text)]
        : [`  ${name}`, ...below]
    }
    if (widthOf(line) <= page) return [line]
    const indent = stripVTControlCharacters(line).startsWith('USAGE') ? 2 : 0
    return lines(line, indent, 0).map((text, i) => (i === 0 ? text : ' '.repeat(indent) + text))
  }).join('\n')
