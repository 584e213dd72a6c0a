import { checkpointFolder, saveModel } from '@recurra/formats/disk'
import type { Sequential } from '@recurra/layers'
import {
  cosineDecay, DataParallel, fit, linearDecay, optimizers, sgd, warmUp, type Checkpoint, type Communicator,
  type LearningRate, type Limits, type Optimizer, type Optimizers, type Progress,
} from '@recurra/training'
import type { Output } from '../output.ts'
import type { RunFolder } from '../run-folder.ts'
import type { Task, TaskDataset } from '../tasks/task.ts'
import type { Settings } from './settings.ts'
import { appendLine, lineFor } from './training-log.ts'

/** A training that is all set up, or set up once more. */
export interface TrainingSetup {
  readonly task: Task
  readonly dataset: TaskDataset
  readonly settings: Settings
  readonly folder: RunFolder
  /** The processes that train together; the first one writes. */
  readonly ranks: Communicator
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

const [updates, longest] = [100, 4] // a few updates without improvement are waited for, but no more epochs than these

/**
 * How long to train. Seconds are only a limit: where neither epochs nor updates are given, the number of epochs suits
 * the data, so that a fast machine does not learn a small text by heart in the time of a slow one.
 */
export const limitsOf = ({ epochs, steps, seconds, defaults }: Settings, batches: number): Limits => {
  const suited = Math.max(defaults.epochs, Math.ceil(defaults.updates / batches))
  return { epochs: (epochs ?? steps) === undefined ? suited : epochs, steps, seconds }
}

/**
 * Trains a model and keeps the best, as the data that was held out says, in the folder of the run, with checkpoints and
 * a log.
 */
export const trainModel = async (
  model: Sequential, setup: TrainingSetup, output: Output, signal: AbortSignal,
): Promise<TrainResult> => {
  const { task, dataset, settings, folder, ranks, resume } = setup
  const { seed, clip, recompute, defaults, accumulate, localSteps } = settings
  const { batches } = dataset.train
  const patience = settings.patience ?? Math.max(defaults.patience, Math.min(longest, Math.ceil(updates / batches)))
  const show = output.bar({ unit: dataset.unit })
  let best = Math.min(...(resume?.fit?.validation ?? []).map(({ loss }) => loss))
  const keepBest = async (progress: Progress): Promise<void> => {
    show(progress)
    const line = lineFor(progress)
    if (line) appendLine(folder.log, line)
    if (line && output.json) output.say('', { event: 'step', ...line })
    if (!(progress.validationLoss! < best)) return
    best = progress.validationLoss!
    await saveModel(folder.path, model)
  }
  const history = await fit(model, dataset.train, {
    loss: task.loss(dataset.codec),
    optimizer: optimizerFor(settings),
    validation: dataset.validation,
    earlyStopping: { patience: patience || Infinity },
    checkpoints: { store: checkpointFolder(folder.checkpoints) },
    ...(clip > 0 && { clip: { norm: clip } }),
    recompute,
    ...limitsOf(settings, Math.ceil(batches / accumulate)),
    accumulate,
    dataParallel: new DataParallel(ranks, { localSteps }),
    seed,
    signal,
    resume,
    onProgress: keepBest, // only the first rank shows and writes
  })
  output.end()
  if (ranks.rank === 0) await saveModel(folder.path, model) // which is the best again
  return {
    steps: history.losses.length,
    best: history.best && { step: history.best.step, loss: history.best.loss },
    stopped: history.aborted ? 'by a signal' : history.stoppedEarly ? 'early' : 'at the end',
  }
}

/** The learning rates that suit most data. */
const usualRates: Readonly<Record<keyof Optimizers, number>> = {
  adam: 3e-3, adamW: 3e-3, adamax: 3e-3, nadam: 3e-3, radam: 3e-3, rmsprop: 1e-3, adagrad: 5e-2, adadelta: 1, sgd: 0.1,
}

const schedules: Readonly<Record<string, (learningRate: number) => LearningRate>> = {
  cosine: (learningRate) => cosineDecay(learningRate, { to: learningRate / 20 }),
  linear: (learningRate) => linearDecay(learningRate, { to: learningRate / 20 }),
  constant: (learningRate) => learningRate,
}

/** The optimizer that was asked for, with its rate, which ends at a twentieth. */
const optimizerFor = (
  { optimizer, learningRate, weightDecay, schedule, warmUp: steps, defaults }: Settings,
): Optimizer => {
  const name = optimizer === 'adamw' ? 'adamW' : (optimizer as keyof Optimizers)
  const course = schedules[schedule]!(learningRate ?? usualRates[name] * defaults.learningRate)
  const options = {
    learningRate: steps > 0 ? warmUp(steps, course) : course, ...(weightDecay !== undefined && { weightDecay }),
  }
  return name === 'sgd' ? sgd({ ...options, momentum: 0.9 }) : optimizers[name](options)
}
