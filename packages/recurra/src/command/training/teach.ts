import { saveModel } from '@recurra/formats/disk'
import type { Sequential } from '@recurra/layers'
import { training } from '@recurra/training'
import type { Output } from '../output.ts'
import type { RunFolder } from '../run/run-folder.ts'
import type { Lesson, Task } from '../tasks/task.ts'
import { optimizerFor } from './optimizer-for.ts'
import type { Settings } from './settings.ts'
import { appendLine, lineFor } from './training-log.ts'

/** What is taught to whom. */
export interface Teaching {
  readonly task: Task
  readonly lesson: Lesson
  readonly settings: Settings
  readonly model: Sequential
  readonly folder: RunFolder
}

/** What came of it. */
export interface Taught {
  readonly steps: number
  /** The best loss on the data that was held out, and after which step; nothing if it was interrupted before. */
  readonly best: { readonly step: number; readonly loss: number } | undefined
  readonly stopped: 'at the end' | 'early' | 'by a signal'
}

const usual = { epochs: 20, updates: 1500 } // small data is read more often

/** Trains a model and keeps the best, as the data that was held out says, in the folder of the run. */
export const teach = async ({ task, lesson, settings, model, folder }: Teaching, output: Output, signal: AbortSignal): Promise<Taught> => {
  const { steps, seconds, seed, patience, clip } = settings
  const epochs = settings.epochs ?? (steps === undefined && seconds === undefined ? Math.max(usual.epochs, Math.ceil(usual.updates / lesson.train.batches)) : undefined)
  const show = output.bar({ unit: lesson.unit })
  let [taken, best, waited]: [number, Taught['best'], number] = [0, undefined, 0]
  try {
    for await (const progress of training(model, lesson.train, {
      loss: task.loss(),
      optimizer: optimizerFor(settings),
      validation: lesson.validation,
      ...(clip > 0 && { clip: { norm: clip } }),
      ...(epochs !== undefined && { epochs }), ...(steps !== undefined && { steps }), ...(seconds !== undefined && { seconds }),
      seed, signal,
    })) {
      show(progress)
      taken = progress.step
      const line = lineFor(progress)
      if (line) appendLine(folder.log, line)
      if (line && output.json) output.say('', { event: 'step', ...line })
      if (progress.validationLoss === undefined) continue
      if (progress.validationLoss < (best?.loss ?? Infinity)) {
        best = { step: taken, loss: progress.validationLoss }
        waited = 0
        await saveModel(folder.path, model)
      } else if (++waited === patience) return { steps: taken, best, stopped: 'early' }
    }
  } finally {
    output.end()
  }
  if (!best) await saveModel(folder.path, model)
  return { steps: taken, best, stopped: signal.aborted ? 'by a signal' : 'at the end' }
}
