import { resolve } from 'node:path'
import { path, type Parsed } from '../../terminal/options.ts'
import type { Command } from '../command.ts'
import { expectNoTable } from '../data/read-table.ts'
import type { Output } from '../output.ts'
import { RunFolder } from '../run/run-folder.ts'
import { fingerprint } from '../run/run-record.ts'
import { expectHeeded, taskWithSettings } from '../tasks/tasks.ts'
import { runTraining } from '../training/run-training.ts'
import { encodingIn } from '../training/settings.ts'
import { trainingFlags } from './training-flags.ts'

/** `recurra train FILE` */
export const train: Command = {
  flags: {
    file: {
      type: 'positional',
      required: true,
      description: 'a text; or a table (.csv, .tsv, .json, .jsonl, .conll) with --task',
    },
    out: { type: 'string', valueHint: 'folder', default: 'run', description: 'where the run goes' },
    force: { type: 'boolean', description: 'overwrites a run that is there' },
    ...trainingFlags,
  },
  examples: [
    'recurra train story.txt --out run',
    'recurra train story.txt --layers 2 --hidden 256 --seconds 600 --out run',
    'recurra train mails.csv --task classify --text subject --label kind',
    'recurra train houses.csv --task regress --label price',
    'recurra train sentences.conll --task tag',
    'recurra train weather.csv --task forecast --columns temperature,wind',
  ],
  run: (args, output) => trainOn(args, output),
}

/** Learns from a file and leaves a run in a folder. */
const trainOn = async (given: Parsed, output: Output): Promise<void> => {
  const file = String(given['file'])
  if (given['task'] === undefined) expectNoTable(file, given['encoding'] === undefined ? undefined : encodingIn(given))
  const args: Parsed = { ...given, task: given['task'] ?? 'generate' }
  const { task, settings } = taskWithSettings(args)
  expectHeeded(settings.task, given)
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
