import { checkpointFolder } from '@recurra/formats/disk'
import { ValueError } from '@recurra/tensor'
import type { Parsed } from '../../terminal/options.ts'
import { resumable } from '../commands/training-flags.ts'
import type { Output } from '../output.ts'
import { fingerprint } from '../run/fingerprint.ts'
import { RunFolder } from '../run/run-folder.ts'
import { taskFor } from '../tasks/task-named.ts'
import { runTraining } from './run-training.ts'
import { settingsOf } from './settings.ts'
import { forgetAfter } from './training-log.ts'

/** Goes on with a run where it stopped, to the bit, from its last checkpoint. */
export const resume = async (args: Parsed, output: Output): Promise<void> => {
  const folder = new RunFolder(String(args['run']))
  const record = folder.record()
  const changed = resumable.flatMap((name) => (args[name] === undefined ? [] : [[name, String(args[name])] as const]))
  const options = { ...record.options, ...Object.fromEntries(changed) }
  const settings = settingsOf(options)
  const file = args['data'] === undefined ? record.data.file : String(args['data'])
  if (fingerprint(file) !== record.data.sha256)
    throw new ValueError({
      where: file,
      expected: 'the file that the run began with, as it was',
      got: 'another one',
      fix: 'Bring it back, or say with --data where it is; or train anew.',
    })
  const checkpoint = await checkpointFolder(folder.checkpoints).latest()
  if (!checkpoint)
    throw new ValueError({
      where: folder.path,
      expected: 'a checkpoint to go on from',
      got: 'none',
      fix: 'It ended before there was one; train anew.',
    })
  const task = await taskFor(settings)
  const dataset = task.dataset(file, options, settings)
  if (changed.length > 0) await folder.writeRecord({ ...record, options })
  forgetAfter(folder.log, checkpoint.steps)
  await runTraining({ task, dataset, settings, folder, resume: checkpoint }, output)
}
