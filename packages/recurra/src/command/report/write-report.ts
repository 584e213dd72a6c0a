import { basename } from 'node:path'
import { writeDurably } from '@recurra/formats/disk'
import { counted, describeLeftOut } from '../notes.ts'
import type { RunFolder } from '../run/run-folder.ts'
import type { TaskDataset, TaskMeasurement } from '../tasks/task.ts'
import type { Settings } from '../training/settings.ts'
import type { TrainResult } from '../training/train-model.ts'
import { linesOf, type LogLine } from '../training/training-log.ts'
import { chart } from './chart.ts'
import { escaped, facts, page, section } from './page.ts'

/** What is reported of a run. */
export interface Reported {
  readonly folder: RunFolder
  readonly settings: Settings
  readonly dataset: TaskDataset
  readonly result: TrainResult
  /** The best model on the data that was held out. */
  readonly measured: TaskMeasurement | undefined
  /** The table of its layers. */
  readonly summary: string
}

/** Writes a page that shows how a training went. It opens without a network, in light and dark, and on a phone. */
export const writeReport = async (
  { folder, settings, dataset, result, measured, summary }: Reported,
): Promise<void> => {
  const lines = linesOf(folder.log)
  const last = lines.at(-1)
  const aboutData = [...describeLeftOut(dataset.leftOut), ...(dataset.notes ?? []).map(({ text }) => text)]
  const title = `${settings.task}: ${basename(folder.record().data.file)}`
  await writeDurably(
    folder.report,
    page(title, [
      `<h1>${escaped(title)}</h1>\n<p class="note lines">${escaped(dataset.about)}</p>`,
      measured?.verdict === undefined ? '' : `<p class="verdict">${escaped(measured.verdict)}</p>`,
      facts([
        ['best held-out loss', result.best ? result.best.loss.toFixed(4) : 'not measured'],
        ['after step', result.best ? counted(result.best.step) : '-'],
        ['steps', counted(result.steps)],
        ['ended', result.stopped],
        ['time', last ? `${last.seconds.toFixed(0)} s` : '-'],
        [`${dataset.unit} per second`, last ? counted(last.itemsPerSecond) : '-'],
      ]),
      chart('Loss', 'steps', [
        curve('training, smoothed', lines, 'loss'),
        { ...curve('held out', lines, 'validationLoss'), dotted: true },
      ]),
      `<div class="pair">${[
        chart('Learning rate', 'steps', [curve('learning rate', lines, 'learningRate')]),
        chart('Length of the gradient', 'steps', [curve('before clipping', lines, 'gradientNorm')]),
      ].join('\n')}</div>`,
      aboutData.length > 0 ? section('Of the data', aboutData.join('\n')) : '',
      measured ? section('On data that was held out', measured.text) : '',
      ...(measured?.pictures ?? []),
      section('The network', summary),
      section(
        'How it was trained',
        Object.entries(settings)
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => `${name.padEnd(10)} ${String(value)}`)
          .join('\n'),
      ),
      '<p class="note">All numbers are in log.jsonl beside this page, one line of JSON each.</p>',
    ]),
  )
}

const curve = (
  name: string,
  lines: readonly LogLine[],
  key: 'loss' | 'validationLoss' | 'learningRate' | 'gradientNorm',
): { readonly name: string; readonly points: readonly (readonly [number, number])[] } => ({
  name,
  points: lines.flatMap((line) => (line[key] === undefined ? [] : [[line.step, line[key]] as const])),
})
