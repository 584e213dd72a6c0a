import { reportOf } from '../home/reports.js'
import { picture } from './svg.ts'

/** A bar: whose it is, and how long. */
interface Bar {
  readonly name: string
  readonly value: number
  readonly ours: boolean
}

const systems: Readonly<Record<string, string>> = {
  'recurra-webassembly': 'Recurra',
  'onnxruntime': 'ONNX Runtime',
  'numpy': 'NumPy, by hand',
  'tfjs-wasm': 'TensorFlow.js, wasm',
  'jax-js': 'jax-js',
  'pytorch': 'PyTorch',
  'brainjs': 'brain.js',
}
const [width, row, left, right] = [392, 30, 150, 58]

const style = `<style>
.name { text-anchor: end; font-size: 13px } .value { text-anchor: start; font-size: 13px }
rect.bar { fill: #c9cfd6; stroke: none } rect.ours { fill: #0b6355 }
@media (prefers-color-scheme: dark) { rect.bar { fill: #4b525c } rect.ours { fill: #56cbb4 } }
</style>`

const bars = (title: string, all: readonly Bar[], unit: string): string => {
  const most = Math.max(...all.map(({ value }) => value))
  return picture(title, { width, height: all.length * row + 8 }, [
    style,
    ...all.flatMap(({ name, value, ours }, i) => {
      const [y, length] = [4 + i * row, Math.max(1, ((width - left - right) * value) / most)]
      const shown = value >= 1000 ? Math.round(value).toLocaleString('en') : String(value)
      return [
        `<text x="${left - 8}" y="${y + row / 2}" class="name">${name}</text>`,
        `<rect x="${left}" y="${y + 4}" width="${length.toFixed(1)}" height="${row - 8}" rx="3" ` +
          `class="${ours ? 'bar ours' : 'bar'}"/>`,
        `<text x="${(left + length + 6).toFixed(1)}" y="${y + row / 2}" class="value">${shown}${unit}</text>`,
      ]
    }),
  ])
}

/**
 * The table of `npm run bench`: the time of each system with one thread, the shortest first; or, on a machine whose
 * times drift, what its last column says: the median over rounds of that time divided by Recurra's.
 */
const benchBars = (name: string, unit: string, column: 'time' | 'ratio' = 'time'): string => {
  const { output, description } = reportOf(name)
  const rows = [...output.matchAll(/^(\S+)\/1 +([\d,.]+) .*?(?:([\d.]+)x)?$/gm)].flatMap(([, system, time, ratio]) => {
    const ours = system!.startsWith('recurra')
    const value = column === 'ratio' ? Number(ours ? 1 : ratio) : Number(time!.replaceAll(',', ''))
    return system! in systems ? [{ name: systems[system!]!, value, ours }] : []
  })
  return bars(description, rows.toSorted((a, b) => a.value - b.value), unit)
}

/** The table of `npm run size`: by package, and together. */
const sizeBars = (): string => {
  const { output, description } = reportOf('size')
  const [before] = output.split('\n\n') // the first training step
  const rows = [...before!.matchAll(/^ *([\d.]+) KB {2}(\S+)/gm)].map(([, size, name]) =>
    ({ name: name!, value: Number(size), ours: name === 'together' }))
  const [together, parts] = [rows.filter(({ ours }) => ours), rows.filter(({ ours }) => !ours)]
  return bars(
    description,
    [...together.map((bar) => ({ ...bar, name: 'together' })), ...parts.filter(({ value }) => value > 0.3)],
    ' KB',
  )
}

/** What the home shows of the reports in `docs/home/measured`. */
export const measured: Readonly<Record<string, string>> = {
  'measured-training.svg': benchBars('training', ' ×', 'ratio'),
  'measured-streaming.svg': benchBars('streaming', ' µs'),
  'measured-size.svg': sizeBars(),
}
