import { describe, expect, it } from 'vitest'
import { RunFolder } from '../run-folder.ts'
import type { LogLine } from '../training/training-log.ts'
import { axisFor, chart } from './chart.ts'
import { bars, confusionPictures, section, tableSection } from './html.ts'
import { page } from './page.ts'
import { reportOf, type Reported } from './write-report.ts'

describe('an axis', () => {
  it.each([
    [0, 134, [0, 50, 100, 150]],
    [2.69, 3.99, [2.5, 3, 3.5, 4]],
    [0.0001, 0.003, [0, 0.001, 0.002, 0.003]],
    [1, 1, [1, 1.2, 1.4, 1.6, 1.8, 2]],
  ])('from %f to %f has round marks around all of it', (least, most, marks) => {
    const axis = axisFor(least, most)
    expect(axis.marks).toEqual(marks.slice(0, axis.marks.length))
    expect(axis.from).toBeLessThanOrEqual(least)
    expect(axis.to).toBeGreaterThanOrEqual(most)
  })
})

const titles = { title: 'Loss', x: 'steps', y: 'nats' }

describe('a chart', () => {
  it('puts values where they belong, with titles and marks on both axes, and in words', () => {
    const html = chart({
      ...titles, below: (step) => `epoch ${step / 50}`,
      curves: [
        { name: 'training', points: [[0, 4], [100, 2]] },
        { name: 'held out', points: [[50, 3]], as: 'dots and line' },
      ],
    })
    expect(html).toContain('<title>Loss: nats over steps</title>')
    expect(html).toContain('<desc>training from 4.00 to 2.00, least 2.00, highest 4.00; held out from 3.00 to 3.00')
    expect(html).toContain('<path class="curve of0" d="M0.0 0.0L1000.0 1000.0"/>')
    expect(html).toContain('<path class="dot of1" d="M500.0 500.0h0"><title>held out: 3 at 50</title></path>')
    expect(html).toContain('<span class="y" style="top:50.00%">3</span>')
    expect(html).toContain('<span class="x" style="left:100.00%">100<br><small>epoch 2</small></span>')
  })

  it('draws an interval, and leaves a gap where a value is missing', () => {
    const html = chart({
      ...titles, marks: [[10, 'ten'], [14, 'fourteen']],
      curves: [{ name: 'what came', points: [[10, 1], [11, NaN], [12, 2], [14, 0]] }],
      band: { name: '80 % interval', points: [[10, 0, 2], [14, 1, 3], [15, NaN, NaN]] },
    })
    expect(html).toContain('d="M0.0 666.7h0M500.0 333.3L1000.0 1000.0"')
    expect(html).toContain('<path class="band" d="M0.0 333.3L1000.0 0.0L1000.0 666.7L0.0 1000.0Z"/>')
    expect(html).toContain('>fourteen</span>')
  })

  it('says what it cuts off', () => {
    const points = Array.from({ length: 100 }, (_, i) => [i, i === 0 ? 50 : 1 + i / 100] as const)
    const curves = [{ name: 'training', points }]
    expect(chart({ ...titles, curves, cut: true })).toContain('1 higher, up to 50.0, cut off')
    expect(chart({ ...titles, curves })).not.toContain('cut off')
  })

  it.each([[[]], [[[1, NaN]]], [[[1, 2]]]])('is left out where there is nothing to draw: %j', (points) => {
    expect(chart({ ...titles, curves: [{ name: 'training', points: points as [number, number][] }] })).toBe('')
  })
})

describe('a heat map of labels', () => {
  it('shows counts and shares, and lists what is confused most', () => {
    const [map, list] = confusionPictures([[8, 0], [3, 1]], ['ham', '<b>']) as [string, string]
    expect(map).toContain('rgb(9 105 218 / 0.75)" title="&lt;b&gt;, taken for ham: 3, 75.0 %">3</td>')
    expect(map).not.toContain('<b>')
    expect(list).toContain('<tr><td>&lt;b&gt;</td><td>ham</td><td class="number">3</td><td class="number">75.0 %</td>')
  })

  it('has the labels with the most mistakes where there are 200, and needs no more than one', () => {
    const labels = Array.from({ length: 200 }, (_, i) => `label ${i}`)
    const confusion = labels.map((_, i) => labels.map((__, j) => (i === j || (i === 150 && j === 3) ? 1 : 0)))
    const [map, list] = confusionPictures(confusion, labels)
    expect(map!.match(/<th scope="row">/g)).toHaveLength(40)
    expect(map).toContain('Of 200 labels, the 40 with the most mistakes.')
    expect(map).toContain('title="label 150, taken for label 3: 1, 50.0 %"')
    expect(list).toContain('<td>label 150</td><td>label 3</td>')
    expect(confusionPictures([[5]], ['only'])[1]).toBe('')
    expect(confusionPictures([[0, 0], [0, 2]], ['never', 'always'])[0]).not.toContain('NaN')
  })
})

it('bars are as long as their values', () => {
  const three = [1, 0.5, NaN].map((value) => ({ name: 'a', value, inWords: String(value) }))
  expect(bars('F1', three).match(/width:[\d.]+%/g)).toEqual(['width:100.0%', 'width:50.0%', 'width:0.0%'])
})

it('a text cannot become markup', () => {
  const attack = '"><script>alert("x")</script>'
  const html = page('<b>', [
    section('a & b', attack), tableSection(attack, [attack], [[{ text: attack }], [attack]], attack),
    ...confusionPictures([[1, 1], [0, 1]], [attack, 'b']), bars(attack, [{ name: attack, value: 1, inWords: attack }]),
    chart({ title: attack, x: attack, y: attack, curves: [{ name: attack, points: [[0, 1], [1, 2]], as: 'dots' }] }),
  ])
  expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;')
  expect(html).not.toContain('<script')
  expect(html).not.toContain('="">')
})

const lineAt = (step: number, more: Partial<LogLine> = {}): LogLine => ({
  step, epoch: 1, seconds: step / 10, loss: 3 - step / 10, gradientNorm: 1, learningRate: 0.003, itemsPerSecond: 1234,
  ...more,
})

const reported = {
  folder: Object.assign(new RunFolder('runs/it is'), { record: () => ({ data: { file: '/data/a b.txt' } }) }),
  task: { lossInWords: (loss: number) => `${loss} bits`, predict: undefined },
  settings: { task: 'generate', weightDecay: 0.02, seed: undefined, defaults: {} },
  dataset: { about: '<12> characters', unit: 'characters', codec: {}, train: { batches: 4, batch: 16, steps: 64 } },
  result: { steps: 10, best: { step: 8, loss: 1.5 }, stopped: 'at the end' },
  measured: { figures: { beatsBaselines: false }, text: '1.5 bits', verdict: 'NOT better than its baseline' },
  parameters: 12_345, summary: 'gru',
} as unknown as Reported

describe('a report', () => {
  it('has sizes, epochs, verdict, settings, pictures, and the commands that use the run', () => {
    const html = reportOf(reported, [lineAt(0), lineAt(10, { validationLoss: 1.5 })], ['<p>a picture</p>'])
    expect(html).toContain('<p class="verdict not">NOT better')
    for (const [name, value] of Object.entries({
      parameters: '12,345', steps: '10, 2.5 epochs', batch: '16 sequences', 'longest sequence': '64 characters',
      'steps per epoch': '4', 'weight-decay': '0.02', 'in words': '1.5 bits',
    })) expect(html).toContain(`<dt>${name}</dt><dd>${value}</dd>`)
    expect(html).toContain('<p>a picture</p>')
    expect(html).toContain('10<br><small>2.5</small>')
    expect(html).toMatch(/recurra sample '\/.*\/runs\/it is'\nrecurra evaluate .* --epochs 2\n/s)
    expect(html).toContain('<p class="note lines">&lt;12&gt; characters</p>')
  })

  it.each([['no lines', []], ['one line', [lineAt(1)]], ['no loss', [lineAt(1, { loss: NaN }), lineAt(2)]]])(
    'is whole with %s, and without what was not measured', (_, lines) => {
      const result = { steps: 1, best: undefined, stopped: 'by a signal' } as const
      const html = reportOf({ ...reported, result, measured: undefined }, lines, [])
      expect(html).toContain('<dd>not measured</dd>')
      expect(html).toMatch(/recurra resume '[^ ]* is'\n/)
      expect(html).not.toMatch(/NaN|undefined|Infinity/)
    },
  )
})
