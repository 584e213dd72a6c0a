import { stripVTControlCharacters } from 'node:util'
import { defineCommand, renderUsage, runCommand } from 'citty'
import { RecurraError } from 'recurra'
import { flags, optionsOf } from './options.ts'
import { train } from './train.ts'

const command = defineCommand({
  meta: { name: 'npm start --', description: 'Trains a recurrent network on text, one character at a time, and lets it write. Ctrl-C ends it with a last sample.' },
  args: flags,
  run: ({ args }) => train(optionsOf({ ...args })),
})

/** Errors made on purpose, by this library or by citty, are one line; any other is a fault of the program and shows where. */
const isComplaint = (error: unknown): error is Error => error instanceof RecurraError || (error instanceof Error && error.name === 'CLIError')
const plain = (text: string, { isTTY }: NodeJS.WriteStream): string => (isTTY ? text : stripVTControlCharacters(text))

const rawArgs = process.argv.slice(2)
try {
  if (rawArgs.some((arg) => arg === '--help' || arg === '-h')) console.log(plain(await renderUsage(command), process.stdout))
  else await runCommand(command, { rawArgs })
} catch (error) {
  if (!isComplaint(error)) throw error
  console.error(plain(error.message, process.stderr))
  process.exitCode = 1
}
