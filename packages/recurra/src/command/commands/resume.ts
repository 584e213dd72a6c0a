import { checkpointFolder } from '@recurra/formats/disk'
import { ValueError } from '@recurra/tensor'
import type { Command } from '../command.ts'
import * as flag from '../flags.ts'
import { fingerprint, RunFolder, type RunRecord } from '../run-folder.ts'
import { datasetOf, taskWithSettings } from '../tasks/tasks.ts'
import { communicatorFlag, inRanks } from '../training/ranks.ts'
import { runTraining } from '../training/run-training.ts'
import { forgetAfter } from '../training/training-log.ts'
import { resumable, trainingFlags } from '../training/training-flags.ts'

/** `recurra resume RUN` */
export const resume: Command = {
  flags: {
    run: flag.word('the folder of the run'),
    data: flag.text('file', 'the new path of the training file, if it was moved'),
    communicator: communicatorFlag,
    ...Object.fromEntries(
      resumable.map((name) => {
        const { valueHint = '', description } = trainingFlags[name]!
        return [name, flag.text(valueHint, `${description!.replace(/\. Default: .*$/, '')}. Default: as before`)]
      }),
    ),
  },
  examples: ['recurra resume run', 'recurra resume run --epochs 40', 'recurra resume run --epochs 80 --seconds 3600'],

  /** Goes on with a run where it stopped, to the bit, from its last checkpoint. */
  run: (args, output) => inRanks(args, output, async (ranks, output) => {
    const folder = new RunFolder(String(args['run']))
    const record = folder.record()
    const changed = resumable.flatMap((name) => (args[name] === undefined ? [] : [[name, String(args[name])] as const]))
    const options = { ...record.options, ...Object.fromEntries(changed) }
    const { task, settings: asked } = taskWithSettings(options)
    const file = args['data'] === undefined ? record.data.file : String(args['data'])
    expectSame({ ...record.data, file }, 'the file that the run began with', ', or say with --data where it is')
    if (record.validation) expectSame(record.validation, 'the file of --validation')
    const checkpoint = await checkpointFolder(folder.checkpoints).latest()
    if (!checkpoint)
      throw new ValueError({
        where: folder.path, expected: 'a checkpoint to continue from', got: 'none',
        fix: 'It ended before there was one; train again.',
      })
    const { dataset, settings } = datasetOf(task, file, options, asked)
    if (ranks.rank === 0) {
      if (changed.length > 0) await folder.writeRecord({ ...record, options })
      forgetAfter(folder.log, checkpoint.steps)
    }
    await runTraining({ task, dataset, settings, folder, ranks, resume: checkpoint }, output)
  }),
}

const expectSame = ({ file, sha256 }: RunRecord['data'], what: string, or = ''): void => {
  if (fingerprint(file) === sha256) return
  throw new ValueError({
    where: file, expected: `${what}, as it was`, got: 'another one', fix: `Bring it back${or}; or train again.`,
  })
}
