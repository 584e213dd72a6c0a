import { basename, resolve } from 'node:path'
import { writeDurably } from '@recurra/formats/disk'
import { counted, describeLeftOut } from '../notes.ts'
import type { RunFolder } from '../run-folder.ts'
import type { Task, TaskDataset, TaskMeasurement } from '../tasks/task.ts'
import type { Settings } from '../training/settings.ts'
import type { TrainResult } from '../training/train-model.ts'
import { linesOf, type LogLine } from '../training/training-log.ts'
import { chart } from './chart.ts'
import { details, escaped, section, tableSection } from './html.ts'
import { page } from './page.ts'

/** What is reported of a run. */
export interface Reported {
  readonly folder: RunFolder
  readonly task: Task
  readonly settings: Settings
  readonly dataset: TaskDataset
  readonly result: TrainResult
  /** The best model on the data that was held out. */
  readonly measured: TaskMeasurement | undefined
  /** How many parameters the model has. */
  readonly parameters: number
  /** The table of its layers. */
  readonly summary: string
}

/** Writes a page that shows how a training went. It opens without a network, in light and dark, and on a phone. */
export const writeReport = async (reported: Reported): Promise<void> => {
  const { folder, measured } = reported
  const pictures = (await measured?.pictures?.()) ?? []
  await writeDurably(folder.report, reportOf(reported, linesOf(folder.log), pictures))
}

/** The page: `lines` are those of the log, `pictures` what the task shows of what it measured, as pieces of HTML. */
export const reportOf = (reported: Reported, lines: readonly LogLine[], pictures: readonly string[]): string => {
  const { folder, task, settings, dataset, result, measured, parameters, summary } = reported
  const { file } = folder.record().data
  const { verdict, text = '', figures } = measured ?? {}
  const { train, codec, unit } = dataset
  const last = lines.at(-1)
  const title = `${settings.task}: ${basename(file)}`
  const aboutData = [...describeLeftOut(dataset.leftOut), ...(dataset.notes ?? []).map((note) => note.text)]
  const isKnown = Number.isFinite(train.batches)
  const epochs = (step: number): number => step / train.batches
  const x = isKnown ? 'steps, and epochs below' : 'steps'
  const axis = { x, ...(isKnown && { below: (step: number) => shortened(epochs(step)) }) }
  return page(title, [
    `<h1>${escaped(title)}</h1>\n<p class="note lines">${escaped(dataset.about)}</p>`,
    verdict === undefined
      ? '' : `<p class="verdict${figures?.['beatsBaselines'] === false ? ' not' : ''}">${escaped(verdict)}</p>`,
    facts([
      ['best held-out loss', result.best ? `${result.best.loss.toFixed(4)} after step ${counted(result.best.step)}`
        : 'not measured'],
      ...(result.best ? [['in words', task.lossInWords(result.best.loss, codec)] as const] : []),
      ['steps', `${counted(result.steps)}${isKnown ? `, ${shortened(epochs(result.steps))} epochs` : ''}`],
      ['ended', result.stopped], ['time', last ? `${last.seconds.toFixed(0)} s` : '-'],
      ['speed', last ? `${counted(last.itemsPerSecond)} ${unit}/s` : '-'],
      ['parameters', counted(parameters)],
      ['steps per epoch', isKnown ? counted(train.batches) : '-'],
      ['batch', `${counted(train.batch)} sequences`], ['longest sequence', `${counted(train.steps)} ${unit}`],
    ]),
    ...pictures,
    section('On data that was held out', text),
    '<h2>How it learned</h2>',
    chart({
      title: 'Loss', y: 'loss', ...axis, cut: true,
      curves: [curve('training, smoothed', lines, 'loss'), {
        ...curve('held out', lines, 'validationLoss'), as: 'dots and line',
      }],
    }),
    `<div class="pair">${[
      chart({ title: 'Learning rate', y: 'rate', ...axis, curves: [curve('rate', lines, 'learningRate')] }),
      chart({
        title: 'Norm of the gradient', y: 'norm', ...axis, cut: true,
        curves: [curve('before clipping', lines, 'gradientNorm')],
      }),
    ].join('\n')}</div>`,
    details('These curves as numbers', tableSection('The log', logHeader, logRows(lines))),
    section('Of the data', aboutData.join('\n')),
    section('The network', summary),
    '<h2>How it was trained</h2>',
    facts(
      Object.entries(settings).filter(([name, value]) => value !== undefined && name !== 'defaults')
        .map(([name, value]) => [name.replaceAll(/[A-Z]/g, (one) => `-${one.toLowerCase()}`), String(value)]),
      'small',
    ),
    howToGoOn(reported, last?.epoch ?? 1),
    '<p class="note">All numbers are in log.jsonl beside this page, one line of JSON each.</p>',
  ])
}

/** A count with a digit behind the point where it is small. */
const shortened = (value: number): string =>
  (value < 10 ? Number(value.toFixed(1)).toString() : counted(Math.round(value)))

type Logged = 'loss' | 'validationLoss' | 'learningRate' | 'gradientNorm'

const curve = (name: string, lines: readonly LogLine[], key: Logged) =>
  ({ name, points: lines.flatMap((line) => (line[key] === undefined ? [] : [[line.step, line[key] ?? NaN] as const])) })

const [logHeader, most] = [['step', 'epoch', 'loss', 'held-out loss', 'learning rate', 'gradient', 'seconds'], 40]

/** The lines where the held-out data was measured, or else all; some of them where they are many. */
const logRows = (lines: readonly LogLine[]): string[][] => {
  const measured = lines.filter(({ validationLoss }) => validationLoss !== undefined)
  const all = measured.length > 1 ? measured : lines
  const every = Math.ceil(all.length / most)
  const digits = (value: number | null | undefined): string =>
    Number.isFinite(value) ? String(Number(value!.toPrecision(4))) : '-'
  return all.filter((_, i) => i % every === 0 || i === all.length - 1)
    .map(({ step, epoch, loss, validationLoss, learningRate, gradientNorm, seconds }) => [
      counted(step), String(epoch), ...[loss, validationLoss, learningRate, gradientNorm].map(digits),
      seconds.toFixed(1),
    ])
}

/** Facts in boxes. */
const facts = (all: readonly (readonly [name: string, value: string])[], kind = ''): string =>
  `<dl${kind && ` class="${kind}"`}>\n${all.map(([name, value]) =>
    `<div><dt>${escaped(name)}</dt><dd>${escaped(value)}</dd></div>`).join('\n')}\n</dl>`

/** A word of a command line, in quotes where a shell would read it as something else. */
const quoted = (word: string): string => (/^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)

/** The commands that use the run, with its real paths. */
const howToGoOn = ({ folder, task: { predict }, result: { stopped } }: Reported, epochs: number): string => {
  const [run, file] = [quoted(resolve(folder.path)), quoted(folder.record().data.file)]
  const all = [
    predict ? `recurra predict ${run} ${file}` : `recurra sample ${run}`, `recurra evaluate ${run} OTHER-FILE`,
    `recurra resume ${run}${stopped === 'by a signal' ? '' : ` --epochs ${2 * epochs}`}`, 
    `recurra inspect ${run}`, `recurra export ${run} --to onnx`,
  ]
  return section('How to go on', all.join('\n'))
}
