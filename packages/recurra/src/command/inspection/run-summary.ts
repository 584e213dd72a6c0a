import { basename } from 'node:path'
import { counted } from '../notes.ts'
import { codecIn } from '../run/open-run.ts'
import type { RunFolder } from '../run/run-folder.ts'
import { taskIn } from '../tasks/tasks.ts'
import { bestInWords, linesOf } from '../training/training-log.ts'

/** What a model went through. */
export interface RunSummary {
  readonly task: string
  /** What it learned from. */
  readonly data: string
  readonly steps: number
  readonly seconds: number
  /** The best loss on the data that was held out, after which step, and in words; nothing if it was never measured. */
  readonly best?: { readonly step: number; readonly loss: number; readonly inWords: string }
}

/** Looks at the record of a run and at its log. */
export const runSummary = async (folder: RunFolder): Promise<RunSummary> => {
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
export const describeRun = ({ task, data, steps, seconds, best }: RunSummary): string =>
  `learned to ${task} from ${basename(data)}: ${counted(steps)} steps in ${counted(Math.round(seconds))} s; ` +
  bestInWords(best)
