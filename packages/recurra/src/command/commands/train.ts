import { resolve } from 'node:path'
import { path, UsageError, type Parsed } from '../../terminal/options.ts'
import type { Command } from '../command.ts'
import * as flag from '../flags.ts'
import { fingerprint, RunFolder } from '../run-folder.ts'
import { datasetOf, expectHeeded, expectNoTable, taskWithSettings } from '../tasks/tasks.ts'
import { dryRun } from '../training/dry-run.ts'
import { communicatorFlag, inRanks } from '../training/ranks.ts'
import { runTraining } from '../training/run-training.ts'
import { encodingIn, type Settings } from '../training/settings.ts'
import { trainingFlags } from '../training/training-flags.ts'

/** `recurra train FILE` */
export const train: Command = {
  flags: {
    file: flag.word('a text; or a table (.csv, .tsv, .json, .jsonl, .conll) with --task'),
    out: flag.text('folder', 'the folder of the run', 'run'),
    force: flag.toggle('overwrite an existing run'),
    'dry-run': flag.toggle('print what would be trained on: ranks, their rows, threads, the library'),
    communicator: communicatorFlag,
    ...trainingFlags,
  },
  examples: [
    'recurra train story.txt --out run', 'recurra train story.txt --layers 2 --hidden 256 --seconds 600 --out run',
    'recurra train mails.csv --task classify --text subject --label kind',
    'recurra train houses.csv --task regress --label price', 'recurra train sentences.conll --task tag',
    'recurra train weather.csv --task forecast --columns temperature,wind',
    'mpirun -n 4 npx recurra train story.txt --batch 64',
  ],

  /** Learns from a file and leaves a run in a folder. */
  run: (given, output) => inRanks(given, output, async (ranks, output) => {
    const file = String(given['file'])
    if (given['task'] === undefined) expectNoTable(file, encodingIn(given))
    const args: Parsed = { ...given, task: given['task'] ?? 'generate' }
    const { task, settings: asked } = taskWithSettings(args)
    expectHeeded(asked.task, given)
    const files = { data: fingerprinted(file), ...validationOf(asked) }
    if (files.validation?.sha256 === files.data.sha256) throw measuredOnItself(files.validation.file)
    const { dataset, settings } = datasetOf(task, file, args, asked)
    if (args['dry-run'] === true) return output.say(...(await dryRun({ file, dataset, settings, ranks })))
    const out = path(args, 'out')
    if (ranks.rank > 0) return runTraining({ task, dataset, settings, folder: new RunFolder(out), ranks }, output)
    const folder = await RunFolder.create(out, { force: args['force'] === true })
    const { codec, notes = [], leftOut = [] } = dataset
    await folder.writeRecord({
      format: 'recurra-run', version: 1, ...files, options: optionsToKeep(args, settings), codec,
      notes: notes.map(({ text }) => text), leftOut,
    })
    await runTraining({ task, dataset, settings, folder, ranks }, output)
  }),
}

/** The file to measure on, if one is given. */
const validationOf = ({ validation }: Settings): { readonly validation?: ReturnType<typeof fingerprinted> } =>
  validation === undefined ? {} : { validation: fingerprinted(validation) }

/** The result would say how well the file was memorized, and call that held out. */
const measuredOnItself = (file: string): UsageError =>
  new UsageError({
    where: '--validation', expected: 'data that is not learned from', got: `${file}, the same as the file to train on`,
    fix: 'Name another file, or leave it out: then a tenth of the rows is held out.',
  })

const fingerprinted = (file: string) => ({ file: resolve(file), sha256: fingerprint(file) })

const chosen = [
  'cell', 'layers', 'hidden', 'embedding', 'bidirectional', 'pool', 'dropout', 'batch', 'optimizer', 'backend',
] as const

/** The flags that say how to train, as they were given, and what was chosen where they leave it open. */
const optionsToKeep = (args: Parsed, settings: Settings): Record<string, string> => ({
  ...Object.fromEntries(
    Object.keys(trainingFlags).flatMap((name) => (args[name] === undefined ? [] : [[name, String(args[name])]])),
  ),
  ...Object.fromEntries(chosen.map((name) => [name, String(settings[name])])),
  ...(settings.weightDecay !== undefined && { 'weight-decay': String(settings.weightDecay) }),
  ...(settings.validation !== undefined && { validation: resolve(settings.validation) }),
})
