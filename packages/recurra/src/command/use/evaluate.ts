import type { Parsed } from '../../terminal/options.ts'
import type { Output } from '../output.ts'
import { openRun } from '../run/open-run.ts'

/** Measures the model of a run on a file. */
export const evaluate = async ({ run, file }: Parsed, output: Output): Promise<void> => {
  const { model, task, codec, settings } = await openRun(String(run))
  const data = task.dataOf(String(file), codec, settings)
  const { text, figures } = await task.measure(model, data, codec)
  output.say(text, figures)
}
