import { codecIn } from '../run/open-run.ts'
import { RunFolder } from '../run/run-folder.ts'
import type { ForecastCodec } from '../tasks/forecast/codec.ts'
import { taskNamed } from '../tasks/task-named.ts'
import type { InputCodec } from '../tasks/rows/input-codec.ts'

const inRows = (input: InputCodec): string =>
  input.kind === 'text' ? 'x is tokens of input.tokenizer' : 'x is scaled by input.scaler'

const inForecasts = ({ recursive }: ForecastCodec): string =>
  'y is no forecast, but a correction: a target is its last value + linear + spread · (offset + y), '
  + `by heads and scaling${recursive ? '; it is one row ahead, and is read for the next' : ''}. `
  + 'The guide on forecasting has each step under "The network elsewhere"; recurra predict does them all'

const sentences: Readonly<Record<string, (codec: never, to: string) => string | undefined>> = {
  generate: (_, to) => (to === 'javascript' ? undefined : 'x is tokens of tokenizer'),
  classify: ({ input }: { readonly input: InputCodec }) => `${inRows(input)}, y a score for each of labels`,
  regress: ({ input }: { readonly input: InputCodec }) =>
    `${inRows(input)}, and a quantity is y · deviation + mean of scaler`,
  tag: () => 'x is tokens of tokenizer, y a score for each of labels at each token',
  forecast: inForecasts,
}

/**
 * What a run has around its network, which an exported network lacks, and how it is added; nothing if a folder does not
 * hold a run.
 */
export const aroundTheNetwork = async (folder: string, to: string): Promise<string | undefined> => {
  const run = new RunFolder(folder)
  if (!run.isRun) return undefined
  const { options, codec } = run.record()
  const task = String(options['task'])
  if (!Object.hasOwn(sentences, task)) return undefined
  const sentence = sentences[task]!(codecIn(run, await taskNamed(task), codec) as never, to)
  return sentence && `This is the network alone; what it reads and gives is under codec in run.json: ${sentence}.`
}
