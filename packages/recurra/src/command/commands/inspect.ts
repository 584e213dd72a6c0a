import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { javascript } from '@recurra/backend'
import { importModel } from '@recurra/formats'
import { sizeOf, type NamedTensor } from '@recurra/tensor'
import type { Parsed } from '../../terminal/options.ts'
import { expectFile } from '../../terminal/read-file.ts'
import { table } from '../../terminal/table.ts'
import type { Command } from '../command.ts'
import { sumOf } from '../data/numbers.ts'
import * as flag from '../flags.ts'
import { importerFlag, importersIn, isTensors, keyFlag, modelFilesAt, tensorsOf, warned } from '../models/exchange.ts'
import { graphFlags, graphOptionsIn } from '../models/graph-flags.ts'
import { describeModel, modelSummary, summaryOf, usual } from '../models/model-summary.ts'
import { bytesInWords, counted } from '../notes.ts'
import type { Output } from '../output.ts'
import { isFolder, RunFolder } from '../run-folder.ts'
import { codecIn, taskIn } from '../tasks/tasks.ts'
import { bestInWords, linesOf } from '../training/training-log.ts'

/** `recurra inspect FILE` */
export const inspect: Command = {
  flags: {
    file: flag.word('the folder of a run or a model, or any file that import takes'),
    ...graphFlags,
    key: keyFlag,
    importer: importerFlag,
    steps: flag.text('n', 'the steps of a sequence, for the memory in training. Default: those of the run, or 64'),
  },
  examples: ['recurra inspect run', 'recurra inspect model.safetensors', 'recurra inspect run --json'],
  run: (args, output) => inspectPath(String(args['file']), args, output),
}

/** Says what is in a run, in a model folder, or in a file of tensors. However large it is, no parameter is read. */
const inspectPath = async (path: string, args: Parsed, output: Output): Promise<void> => {
  if (isFolder(path) && !isForeignFolder(path, args)) return inspectFolder(new RunFolder(path), args, output)
  if (!isFolder(path)) expectFile(path, 'a folder, or a file of a model or of tensors')
  const { warnings, onWarning } = warned(output)
  const importers = await importersIn(args)
  const found = await modelFilesAt(path, args, { importers, onWarning })
  if (!isTensors(found)) {
    const model = await summaryOf(await importModel(found, {
      backend: javascript(), importers, onWarning, ...graphOptionsIn(args),
    }), path, { ...usual, ...stepsIn(args) })
    return output.say(describeModel(model), { ...model, ...(warnings.length > 0 && { warnings }) })
  }
  const summary = await tensorsSummary(path, args)
  output.say(describeTensors(summary), { ...summary, ...(warnings.length > 0 && { warnings }) })
}

/** A folder of another library, which has no config.json of ours. */
const isForeignFolder = (path: string, { importer }: Parsed): boolean =>
  !existsSync(join(path, 'config.json')) &&
  (importer !== undefined || ['model.json', 'manifest.json'].some((name) => existsSync(join(path, name))))

const stepsIn = (args: Parsed): { readonly steps?: number } => {
  const steps = flag.integerIn(args, 'steps', 1)
  return steps === undefined ? {} : { steps }
}

const inspectFolder = async (folder: RunFolder, args: Parsed, output: Output): Promise<void> => {
  if (!folder.isRun) {
    const model = await modelSummary(folder.path, { ...usual, ...stepsIn(args) })
    return output.say(describeModel(model), model)
  }
  const { options: { batch, window } } = folder.record()
  const model = await modelSummary(folder.path, {
    batch: Number(batch ?? usual.batch), steps: Number(window ?? usual.steps), ...stepsIn(args),
  })
  const run = await runSummary(folder)
  output.say(`${describeModel(model)}\n${describeRun(run)}`, { ...model, run })
}

/** What is in a file of tensors, as plain data. */
interface TensorsSummary {
  readonly file: string
  readonly bytes: number
  /** How many numbers there are. */
  readonly numbers: number
  readonly tensors: readonly Omit<NamedTensor, 'read'>[]
  readonly metadata: { readonly [key: string]: string }
}

/** Looks at the tensors of a file, without reading them. */
const tensorsSummary = async (file: string, args: Parsed): Promise<TensorsSummary> => {
  const { bytes, tensors: named, metadata } = await tensorsOf(file, args, () => undefined) // it has warned already
  const tensors = [...named.values()]
  return {
    file,
    bytes,
    numbers: sumOf(tensors.map(({ shape }) => sizeOf(shape))),
    tensors: tensors.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
    metadata: Object.fromEntries(metadata),
  }
}

/** The same for people. */
const describeTensors = ({ file, bytes, numbers, tensors, metadata }: TensorsSummary): string =>
  [
    `${file}: ${counted(tensors.length)} tensors, ${counted(numbers)} numbers, ${bytesInWords(bytes)}`,
    '',
    table(
      ['name', 'type', 'shape', 'numbers'],
      tensors.map(({ name, dtype, shape }) => [name, dtype, `[${shape.join(', ')}]`, counted(sizeOf(shape))]),
    ),
    ...(Object.keys(metadata).length
      ? ['', ...Object.entries(metadata).map(([key, value]) => `${key}: ${value}`)]
      : []),
  ].join('\n')

/** What a model went through. */
interface RunSummary {
  readonly task: string
  /** What it learned from. */
  readonly data: string
  readonly steps: number
  readonly seconds: number
  /** The best loss on the data that was held out, after which step, and in words; nothing if it was never measured. */
  readonly best?: { readonly step: number; readonly loss: number; readonly inWords: string }
}

/** Looks at the record of a run and at its log. */
const runSummary = async (folder: RunFolder): Promise<RunSummary> => {
  const { data, options, codec } = folder.record()
  const task = taskIn(options)
  const lines = linesOf(folder.log)
  const { step: steps = 0, seconds = 0 } = lines.at(-1) ?? {}
  const summary = { task: String(options['task']), data: data.file, steps, seconds }
  const measured = lines.flatMap(({ step, validationLoss: loss }) => (loss === undefined ? [] : [{ step, loss }]))
  if (measured.length === 0) return summary
  const best = measured.reduce((least, one) => (one.loss < least.loss ? one : least))
  return { ...summary, best: { ...best, inWords: task.lossInWords(best.loss, codecIn(folder, task, codec)) } }
}

/** The same for people. */
const describeRun = ({ task, data, steps, seconds, best }: RunSummary): string =>
  `learned to ${task} from ${basename(data)}: ${counted(steps)} steps in ${counted(Math.round(seconds))} s; ` +
  bestInWords(best)
