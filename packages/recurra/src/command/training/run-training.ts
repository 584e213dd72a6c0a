import { backend, type Backend } from '@recurra/backend'
import { countParameters, dense, dropout, embedding, Sequential, type Blueprint } from '@recurra/layers'
import { atOnce, bidirectional, last, lastAndMeanPool, meanPool } from '@recurra/rnn/authoring'
import { Random } from '@recurra/tensor'
import { namedBackend } from '../../named-backend.ts'
import { interrupted } from '../../terminal/interrupted.ts'
import { flagError } from '../../terminal/options.ts'
import { counted, describeLeftOut } from '../notes.ts'
import type { Output } from '../output.ts'
import { writeReport } from '../report/write-report.ts'
import type { NetworkShape, Task, TaskDataset } from '../tasks/task.ts'
import type { Ranks } from './ranks.ts'
import { recurrentLayers } from './recurrent-layers.ts'
import type { Settings } from './settings.ts'
import { trainModel, type TrainingSetup, type TrainResult } from './train-model.ts'
import { bestInWords } from './training-log.ts'

/** Builds the model, trains it, measures the best and reports, to the reader and in the folder. */
export const runTraining = async (
  setup: TrainingSetup & { readonly ranks: Ranks }, output: Output,
): Promise<void> => {
  const { task, dataset, settings, folder, ranks, resume } = setup
  const signal = interrupted()
  const machine = await backendOf(settings)
  const model = new Sequential(dataset.input, network(dataset, settings), {
    backend: machine, random: new Random(settings.seed),
  })
  const parameters = countParameters(model.params)
  const { about, notes = [], leftOut = [] } = dataset
  const on = [machine.describe(), ...(ranks.size > 1 ? [`in ${ranks.size} ranks of ${ranks.library}`] : [])].join(' ')
  output.say(
    [
      about, ...describeLeftOut(leftOut), ...notes.map(({ text }) => `note: ${text}`),
      `${inWords(settings)}, ${counted(parameters)} parameters; ${on}`,
      ...(resume ? [`going on after step ${counted(resume.steps)}`] : []),
    ].join('\n'),
    {
      event: resume ? 'resume' : 'start', run: folder.path, task: settings.task, about, leftOut,
      notes: notes.map(({ text, figures }) => ({ note: text, ...figures })),
      parameters, backend: on, ranks: ranks.size, ...(resume && { step: resume.steps }),
    },
  )
  const result = await trainModel(model, setup, output, signal)
  if (ranks.rank > 0) return
  const measured =
    result.best && !signal.aborted
      ? await task.measure(await atOnce(model), dataset.test, dataset.codec, dataset.baselines?.())
      : undefined
  if (measured) await folder.writeRecord({ ...folder.record(), measured: measured.figures })
  await writeReport({ folder, task, settings, dataset, result, measured, parameters, summary: model.summary() })
  const ended = result.steps === resume?.steps ? alreadyEnded(folder.path) : ending(result, task, dataset)
  const held = measured ? [`\non data that was held out:\n${measured.text}`] : []
  output.say(
    [
      ...(measured?.verdict === undefined ? [] : [measured.verdict]), ended, ...held,
      `\n${next(result, task, folder.path)}`,
    ].join('\n'),
    { event: 'end', ...result, ...(measured && { measured: measured.figures }), run: folder.path },
  )
}

/** A `UsageError` names the flag that does not go with this machine. */
export const backendOf = async ({ backend: kind, threads }: Settings): Promise<Backend> => {
  if (kind === 'webgpu' || kind === 'javascript') return namedBackend(kind)
  const machine = backend({ native: kind === 'native', ...(threads !== undefined && { threads }) })
  if (machine.name !== 'javascript') return machine
  throw flagError('backend', 'one that runs on this machine', `${kind}, where there is ${machine.describe()}`)
}

const inWords = ({ layers, cell, hidden, bidirectional: both }: Settings): string =>
  `${layers} x ${both ? 'bidirectional ' : ''}${cell}(${hidden})`

const ending = ({ stopped, steps, best }: TrainResult, task: Task, { codec }: TaskDataset): string => {
  const how = { 'by a signal': 'stopped', early: 'ended, as it got no better any more,', 'at the end': 'ended' }[
    stopped
  ]
  const shown = best && { step: best.step, inWords: task.lossInWords(best.loss, codec) }
  return `${how} after ${counted(steps)} steps; ${bestInWords(shown)}`
}

const alreadyEnded = (run: string): string =>
  'it had ended already; to go further, raise the limit that ended it: '
  + `recurra resume ${run} --epochs N, or --steps, --seconds, --patience`

/** What one may do now. */
const next = ({ stopped }: TrainResult, { predict }: Task, run: string): string => {
  const use = predict ? `recurra predict ${run} FILE` : `recurra sample ${run}`
  const toUse = stopped === 'by a signal' ? `To go on: recurra resume ${run}. To use it as it is` : 'To use it'
  return `${run}/report.html shows how it went.\n${toUse}: ${use}`
}

const small = 0.1 // of embeddings at the start: symbols that are rare stay near 0, and so does what is unknown

/** The layers for a task: embedding, recurrent layers with dropout around them, one step for all of them, dense. */
const network = ({ input, size, once = false, fromZero = false }: NetworkShape, settings: Settings): Blueprint[] => {
  const { layers, hidden, dropout: rate, bidirectional: both, pool } = settings
  const make = recurrentLayers[settings.cell]!
  const recurrent = both ? bidirectional((options) => make(hidden, options)) : make(hidden)
  const noise = rate > 0 ? [dropout(rate)] : []
  const ends = both ? { bidirectional: true } : {}
  const pooled = { mean: () => meanPool(), last: () => last(ends), 'last+mean': () => lastAndMeanPool(ends) }
  return [
    ...(input.kind === 'tokens'
      ? [embedding(settings.embedding, { initializers: { weight: { normal: small } } }), ...noise] : []),
    ...Array.from({ length: layers }, () => [recurrent, ...noise]).flat(), ...(once ? [pooled[pool]()] : []),
    dense(size, fromZero ? { initializers: { weight: 0, bias: 0 } } : {}),
  ] as Blueprint[]
}
