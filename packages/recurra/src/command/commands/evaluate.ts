import { existsSync } from 'node:fs'
import type { Command } from '../command.ts'
import * as flag from '../flags.ts'
import type { Note } from '../notes.ts'
import { fingerprint, type RunRecord } from '../run-folder.ts'
import type { TaskDataset } from '../tasks/task.ts'
import { expectHeeded, openRun, taskWithSettings } from '../tasks/tasks.ts'
import { fileFlags } from '../training/training-flags.ts'

/** `recurra evaluate RUN FILE` */
export const evaluate: Command = {
  flags: {
    run: flag.word('the folder of a run'),
    file: flag.word('a file like the training file'),
    ...fileFlags,
    label: flag.text('column', 'the column with the labels or tags. Default: as in training'),
  },
  examples: ['recurra evaluate run other.txt', 'recurra evaluate run test.csv --json'],

  /** Measures the model of a run on a file. */
  async run(args, output) {
    const { model, task, codec, settings, folder } = await openRun(String(args['run']), args)
    expectHeeded(settings.task, args)
    const data = task.dataOf(String(args['file']), codec, settings, args)
    const { baselines, missing } = task.compares === true ? baselinesOf(folder.record()) : {}
    const { verdict, text, figures } = await task.measure(model, data, codec, baselines)
    const notes = [...(data.notes ?? []), ...(missing ? [missing] : [])]
    const [said, counted] = [notes.map((note) => note.text), notes.map((note) => note.figures)]
    output.say(
      [...(verdict === undefined ? [] : [verdict, '']), text, ...said.map((note) => `note: ${note}`)].join('\n'),
      Object.assign({}, figures, ...counted, said.length > 0 && { notes: said }),
    )
  },
}

/** What the model is compared with, learned once more from the file of the training, if that is as it was. */
const baselinesOf = ({ data, validation, options }: RunRecord): {
  readonly baselines?: ReturnType<NonNullable<TaskDataset['baselines']>>
  readonly missing?: Note
} => {
  const changed = [data, validation].find((one) =>
    one && !(existsSync(one.file) && fingerprint(one.file) === one.sha256))
  const why = `its baselines are not shown: ${changed?.file}, from which they are learned, is not as it was in training`
  if (changed) return { missing: { text: why, figures: {} } }
  const { task, settings } = taskWithSettings(options)
  return { baselines: task.dataset(data.file, options, settings).baselines?.() ?? [] }
}
