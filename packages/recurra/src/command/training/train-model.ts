import { checkpointFolder, saveModel } from '@recurra/formats/disk'
import type { Sequential } from '@recurra/layers'
import {
  adadelta, adagrad, adam, adamax, adamW, cosineDecay, linearDecay, nadam, radam, rmsprop, sgd, training, warmUp,
  type Checkpoint, type LearningRate, type Optimizer,
} from '@recurra/training'
import type { Output } from '../output.ts'
import type { RunFolder } from '../run-folder.ts'
import type { Task, TaskDataset } from '../tasks/task.ts'
import type { Defaults, Settings } from './settings.ts'
import { appendLine, lineFor } from './training-log.ts'

/** Options of `trainModel`. */
interface TrainModelOptions {
  readonly task: Task
  readonly dataset: TaskDataset
  readonly settings: Settings
  readonly model: Sequential
  readonly folder: RunFolder
  /** Where a training that was stopped continues. */
  readonly resume?: Checkpoint
}

/** The result of a training run. */
export interface TrainResult {
  readonly steps: number
  /** The best loss on the data that was held out, and after which step; nothing if it was never measured. */
  readonly best: { readonly step: number; readonly loss: number } | undefined
  readonly stopped: 'at the end' | 'early' | 'by a signal'
}

const usual = { epochs: 20, updates: 1500 } // small data is read more often

/** How long to train: as was said, or as long as suits the data. */
const limitsOf = (
  { epochs, steps, seconds }: Settings, batches: number,
): { readonly epochs?: number; readonly steps?: number; readonly seconds?: number } => {
  if ((epochs ?? steps ?? seconds) === undefined)
    return { epochs: Math.max(usual.epochs, Math.ceil(usual.updates / batches)) }
  return {
    ...(epochs !== undefined && { epochs }),
    ...(steps !== undefined && { steps }),
    ...(seconds !== undefined && { seconds }),
  }
}

/**
 * Trains a model and keeps the best, as the data that was held out says, in the folder of the run, with checkpoints and
 * a log.
 */
export const trainModel = async (
  { task, dataset, settings, model, folder, resume }: TrainModelOptions, output: Output, signal: AbortSignal,
): Promise<TrainResult> => {
  const { seed, patience, clip } = settings
  const show = output.bar({ unit: dataset.unit })
  let best = Math.min(...(resume?.fit?.validation ?? []).map(({ loss }) => loss))
  const events = training(model, dataset.train, {
    loss: task.loss(dataset.codec),
    optimizer: optimizerFor(settings, task.defaults),
    validation: dataset.validation,
    earlyStopping: { patience: patience || Infinity },
    checkpoints: { store: checkpointFolder(folder.checkpoints) },
    ...(clip > 0 && { clip: { norm: clip } }),
    ...limitsOf(settings, dataset.train.batches),
    seed,
    signal,
    resume,
  })
  for (;;) {
    const { value, done } = await events.next()
    if (done) {
      output.end()
      await saveModel(folder.path, model) // which is the best again
      const stopped = value.aborted ? 'by a signal' : value.stoppedEarly ? 'early' : 'at the end'
      return {
        steps: value.losses.length, best: value.best && { step: value.best.step, loss: value.best.loss }, stopped,
      }
    }
    show(value)
    const line = lineFor(value)
    if (line) appendLine(folder.log, line)
    if (line && output.json) output.say('', { event: 'step', ...line })
    if (!(value.validationLoss! < best)) continue
    best = value.validationLoss!
    await saveModel(folder.path, model)
  }
}

interface Maker {
  readonly learningRate: number
  readonly make: (learningRate: LearningRate) => Optimizer
}

const makers: Readonly<Record<string, Maker>> = {
  adam: { learningRate: 3e-3, make: (learningRate) => adam({ learningRate }) },
  adamw: { learningRate: 3e-3, make: (learningRate) => adamW({ learningRate }) },
  rmsprop: { learningRate: 1e-3, make: (learningRate) => rmsprop({ learningRate }) },
  adadelta: { learningRate: 1, make: (learningRate) => adadelta({ learningRate }) },
  adamax: { learningRate: 3e-3, make: (learningRate) => adamax({ learningRate }) },
  nadam: { learningRate: 3e-3, make: (learningRate) => nadam({ learningRate }) },
  radam: { learningRate: 3e-3, make: (learningRate) => radam({ learningRate }) },
  adagrad: { learningRate: 5e-2, make: (learningRate) => adagrad({ learningRate }) },
  sgd: { learningRate: 0.1, make: (learningRate) => sgd({ learningRate, momentum: 0.9 }) },
}

const schedules: Readonly<Record<string, (learningRate: number) => LearningRate>> = {
  cosine: (learningRate) => cosineDecay(learningRate, { to: learningRate / 20 }),
  linear: (learningRate) => linearDecay(learningRate, { to: learningRate / 20 }),
  constant: (learningRate) => learningRate,
}

/** The optimizer that was asked for, with its rate, which ends at a twentieth. */
const optimizerFor = (
  { optimizer, learningRate, schedule, warmUp: steps }: Settings, { learningRate: share = 1 }: Defaults = {},
): Optimizer => {
  const { make, learningRate: usual } = makers[optimizer]!
  const course = schedules[schedule]!(learningRate ?? usual * share)
  return make(steps > 0 ? warmUp(steps, course) : course)
}
