import { resolve } from 'node:path'
import { path, type Parsed } from '../../terminal/options.ts'
import { trainingFlags } from '../commands/training-flags.ts'
import { expectNoTable } from '../data/task-for-table.ts'
import type { Output } from '../output.ts'
import { fingerprint } from '../run/fingerprint.ts'
import { RunFolder } from '../run/run-folder.ts'
import { expectHeeded, taskFor } from '../tasks/task-named.ts'
import { runTraining } from './run-training.ts'
import { encodingIn, settingsOf } from './settings.ts'

/** Learns from a file and leaves a run in a folder. */
export const train = async (given: Parsed, output: Output): Promise<void> => {
  const file = String(given['file'])
  if (given['task'] === undefined) expectNoTable(file, given['encoding'] === undefined ? undefined : encodingIn(given))
  const args: Parsed = { ...given, task: given['task'] ?? 'generate' }
  const settings = settingsOf(args)
  expectHeeded(settings.task, given)
  const task = await taskFor(settings)
  const sha256 = fingerprint(file)
  const dataset = task.dataset(file, args, settings)
  const folder = await RunFolder.create(path(args, 'out'), { force: args['force'] === true })
  const { codec, notes = [], leftOut = [] } = dataset
  await folder.writeRecord({
    format: 'recurra-run', version: 1, data: { file: resolve(file), sha256 }, options: optionsToKeep(args), codec,
    notes: notes.map(({ text }) => text), leftOut,
  })
  await runTraining({ task, dataset, settings, folder }, output)
}

/** Those flags that say how to train, as they were given. */
const optionsToKeep = (args: Parsed): Record<string, string> =>
  Object.fromEntries(
    Object.keys(trainingFlags).flatMap((name) => (args[name] === undefined ? [] : [[name, String(args[name])]])),
  )
