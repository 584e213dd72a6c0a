import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { backend } from '@recurra/backend'
import { countParameters, Sequential } from '@recurra/layers'
import { Random } from '@recurra/tensor'
import { interrupted } from '../../terminal/interrupted.ts'
import type { Parsed } from '../../terminal/options.ts'
import { readBytes } from '../../terminal/read-file.ts'
import { trainingFlags } from '../commands/training-flags.ts'
import type { Output } from '../output.ts'
import { RunFolder } from '../run/run-folder.ts'
import { taskNamed } from '../tasks/task-named.ts'
import { counted } from '../units.ts'
import { network } from './network.ts'
import { settingsOf } from './settings.ts'
import { teach } from './teach.ts'

/** Learns from a file and leaves a run in a folder. */
export const train = async (args: Parsed, output: Output): Promise<void> => {
  const settings = settingsOf(args)
  const [file, out] = [String(args['file']), String(args['out'])]
  const task = await taskNamed(settings.task)
  const bytes = readBytes(file)
  const lesson = task.lesson(file, args, settings)
  const folder = RunFolder.create(out, { force: args['force'] === true })
  const machine = backend(settings.threads === undefined ? {} : { threads: settings.threads })
  const model = new Sequential(lesson.input, network(lesson, settings), { backend: machine, random: new Random(settings.seed) })
  await folder.writeRecord({
    format: 'recurra-run', version: 1,
    data: { file: resolve(file), sha256: createHash('sha256').update(bytes).digest('hex') },
    options: optionsToKeep(args),
    codec: lesson.codec,
  })

  const parameters = countParameters(model.params)
  output.say(
    `${file}: ${lesson.about}\n${settings.layers} x ${settings.cell}(${settings.hidden}), ${counted(parameters)} parameters; ${machine.describe()}`,
    { event: 'start', file, out, task: settings.task, about: lesson.about, parameters, backend: machine.describe() },
  )
  const { steps, best, stopped } = await teach({ task, lesson, settings, model, folder }, output, interrupted())
  const told = best ? `best after step ${counted(best.step)}: ${task.lossInWords(best.loss, lesson.codec)}, held out` : 'not measured yet'
  output.say(
    `${stopped === 'by a signal' ? 'stopped' : stopped === 'early' ? 'no better any more, ended' : 'ended'} after ${counted(steps)} steps; ${told}\n${out}: the model, run.json, log.jsonl`,
    { event: 'end', stopped, steps, ...(best && { best }), out },
  )
}

/** Those flags that say how to train, as they were given. */
const optionsToKeep = (args: Parsed): Record<string, string | boolean> =>
  Object.fromEntries(Object.keys(trainingFlags).flatMap((name) => (args[name] === undefined ? [] : [[name, String(args[name])]])))
