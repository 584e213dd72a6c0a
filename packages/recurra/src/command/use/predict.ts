import { ConfigurationError } from '@recurra/tensor'
import { wholeNumber, type Parsed } from '../../terminal/options.ts'
import type { Output } from '../output.ts'
import { openRun } from '../run/open-run.ts'
import { expectHeeded } from '../tasks/task-named.ts'

/** Lets the model of a run say what it makes of a file. */
export const predict = async (args: Parsed, output: Output): Promise<void> => {
  const length = args['length'] === undefined ? undefined : wholeNumber(args, 'length', 1, Number.MAX_SAFE_INTEGER)
  const { model, task, codec, settings } = await openRun(String(args['run']), args)
  expectHeeded(settings.task, args)
  if (!task.predict)
    throw new ConfigurationError({
      where: String(args['run']),
      expected: 'a run that learned to classify, tag or forecast',
      got: `one that learned to ${settings.task}`,
      fix: 'Use recurra sample.',
    })
  const said = task.predict(model, String(args['file']), codec, settings, {
    length,
    args,
    note: (note) => output.note(note),
  })
  for await (const { line, value } of said) output.say(line, value)
}
