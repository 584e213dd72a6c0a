import type { Parsed } from '../../terminal/options.ts'
import type { Output } from '../output.ts'
import { openRun } from '../run/open-run.ts'
import { expectHeeded } from '../tasks/task-named.ts'

/** Measures the model of a run on a file. */
export const evaluate = async (args: Parsed, output: Output): Promise<void> => {
  const { model, task, codec, settings } = await openRun(String(args['run']), args)
  expectHeeded(settings.task, args)
  const data = task.dataOf(String(args['file']), codec, settings, args)
  const { verdict, text, figures } = await task.measure(model, data, codec)
  const notes = data.notes ?? []
  const [said, counted] = [notes.map((note) => note.text), notes.map((note) => note.figures)]
  output.say(
    [...(verdict === undefined ? [] : [verdict, '']), text, ...said.map((note) => `note: ${note}`)].join('\n'),
    Object.assign({}, figures, ...counted, said.length > 0 && { notes: said }),
  )
}
