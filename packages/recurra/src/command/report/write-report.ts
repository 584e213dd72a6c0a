import { basename } from 'node:path'
import { writeDurably } from '@recurra/formats/disk'
import { counted, describeLeftOut } from '../notes.ts'
import type { RunFolder } from '../run-folder.ts'
import type { TaskDataset, TaskMeasurement } from '../tasks/task.ts'
import type { Settings } from '../training/settings.ts'
import type { TrainResult } from '../training/train-model.ts'
import { linesOf, type LogLine } from '../training/training-log.ts'
import { chart, escaped } from './chart.ts'

/** What is reported of a run. */
interface Reported {
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
        ['after step', result.best ? counted(result.best.step) : '-'], ['steps', counted(result.steps)],
        ['ended', result.stopped], ['time', last ? `${last.seconds.toFixed(0)} s` : '-'],
        [`${dataset.unit} per second`, last ? counted(last.itemsPerSecond) : '-'],
      ]),
      chart('Loss', 'steps', [
        curve('training, smoothed', lines, 'loss'), { ...curve('held out', lines, 'validationLoss'), dotted: true },
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
        Object.entries(settings).filter(([name, value]) => value !== undefined && name !== 'defaults')
          .map(([name, value]) => `${name.padEnd(10)} ${String(value)}`)
          .join('\n'),
      ),
      '<p class="note">All numbers are in log.jsonl beside this page, one line of JSON each.</p>',
    ]),
  )
}

const curve = (
  name: string, lines: readonly LogLine[], key: 'loss' | 'validationLoss' | 'learningRate' | 'gradientNorm',
): { readonly name: string; readonly points: readonly (readonly [number, number])[] } => ({
  name,
  points: lines.flatMap((line) => (line[key] === undefined ? [] : [[line.step, line[key]] as const])),
})

const style = `
:root { color-scheme: light dark; --text: #1f2328; --note: #57606a; --back: #fff; --soft: #f6f8fa; --line: #d0d7de;
  --a: #0969da; --b: #bc4c00 }
@media (prefers-color-scheme: dark) {
  :root { --text: #f0f6fc; --note: #9198a1; --back: #0d1117; --soft: #161b22; --line: #3d444d; --a: #4493f8;
    --b: #f0883e }
}
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); max-width: 60rem;
  margin: 0 auto; padding: 1rem }
h1 { font-size: 1.5rem; margin: 0 }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
p { margin: .25rem 0 }
.note { color: var(--note) }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 1.5rem 0 }
dl div { background: var(--soft); border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem }
dt { color: var(--note); font-size: .85rem }
dd { margin: 0; font-size: 1.15rem; overflow-wrap: anywhere }
figure { margin: 1.5rem 0 }
figcaption { font-weight: 600 }
figcaption .note { font-weight: 400 }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 0 1.5rem }
svg { width: 100%; height: auto; display: block; margin-top: .5rem }
text { font: 12px system-ui, sans-serif; fill: var(--note) }
.y { text-anchor: end; dominant-baseline: central }
.x { text-anchor: middle }
.pair text { font-size: 20px }
.grid { stroke: var(--line) }
.curve { fill: none; stroke-width: 2; stroke-linejoin: round }
.of0 { stroke: var(--a) }
.of1 { stroke: var(--b) }
circle.of0 { fill: var(--a) }
circle.of1 { fill: var(--b) }
.band { fill: var(--b); opacity: .18 }
.verdict { font-weight: 600; margin: .75rem 0 0 }
.verdict, .lines { white-space: pre-line }
.key { font-weight: 400; white-space: nowrap }
.key::before { content: ''; display: inline-block; width: 1rem; height: .2rem; margin: 0 .35rem .25rem .5rem;
  background: var(--a) }
.key.of1::before { background: var(--b) }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem;
  overflow-x: auto; font: .85rem/1.45 ui-monospace, monospace }
@media (max-width: 34rem) { text, .pair text { font-size: 24px } }
`

/** A page that needs nothing else, and asks the browser to hold it to that. */
export const page = (title: string, body: readonly string[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
${body.filter(Boolean).join('\n')}
</body>
</html>
`

/** Facts in boxes. */
const facts = (all: readonly (readonly [name: string, value: string])[]): string =>
  `<dl>\n${all.map(([name, value]) => `<div><dt>${escaped(name)}</dt><dd>${escaped(value)}</dd></div>`)
    .join('\n')}\n</dl>`

/** A text as it would stand in a terminal, under a heading. */
export const section = (heading: string, text: string): string =>
  `<h2>${escaped(heading)}</h2>\n<pre>${escaped(text)}</pre>`
