/**
 * The table of docs/guides/forecasting.md: trains and backtests forecasts of public series through the command, as a
 * person would. Not a test: it takes minutes, and fetches the npm package with the series.
 *
 *     npx tsx --conditions=@recurra/source test/tasks/forecasting.ts            all
 *     npx tsx --conditions=@recurra/source test/tasks/forecasting.ts weather    seattle-weather, sp500 or co2
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { table } from 'recurra/terminal'
import { linearAt, ridges } from '../../packages/recurra/src/command/tasks/forecast/linear.ts'

interface Errors {
  readonly MAE: readonly number[]
  readonly MASE: readonly number[]
}
interface Target {
  readonly coverage: readonly number[]
  readonly [forecaster: string]: unknown
}

const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
const command = fileURLToPath(new URL('../../packages/recurra/src/command.ts', import.meta.url))
const node = (words: readonly string[]): string =>
  execFileSync(process.execPath, ['--import', 'tsx', '--conditions=@recurra/source', command, ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })

/** The mean absolute error of a ridge regression on the last seven values, for the last `origins` rows of a column. */
const autoregression = (path: string, target: string, origins: number, ahead: number): number => {
  const [header, ...rows] = readFileSync(path, 'utf8').trim().split('\n').map((line) => line.split(','))
  const values = rows.map((row) => Number(row[header!.indexOf(target)]))
  const examples = values.slice(6, -ahead).map((_, t) => values.slice(t, t + 7))
  const targets = values.slice(6 + ahead)
  const [train, all] = [examples.slice(0, -origins), Array.from({ length: 7 }, () => true)]
  const linear = ridges(train, targets.slice(0, -origins), [1e-3], all)[0]!
  const errors = examples.slice(-origins).map((one, i) => Math.abs(targets.at(i - origins)! - linearAt(linear, one)))
  return errors.reduce((sum, error) => sum + error) / origins
}

const weather = (origins: number) => ({
  file: 'seattle-weather', target: 'temp_max', shown: [1, 3, 7], flags: ['--horizon', '7', '--origins', `${origins}`],
  control: origins,
})
const runs = [
  weather(146),
  weather(219),
  weather(365),
  { file: 'sp500', target: 'price', shown: [1, 3], flags: ['--horizon', '3', '--origins', '50'] },
  {
    file: 'co2-concentration',
    target: 'CO2',
    shown: [1, 6, 12],
    flags: ['--columns', 'CO2', '--horizon', '12', '--origins', '75', '--missing', 'interpolate'],
  },
]
const forecasters = ['model', 'ridge', 'seasonal naive', 'naive', 'drift']
const seeds = ['1', '2', '3']
const [only = ''] = process.argv.slice(2)

execFileSync('npm', ['install', '--prefix', folder, '--silent', '--no-audit', 'vega-datasets@2.11.0'])
for (const { file, target, shown, flags, ...more } of runs.filter(({ file }) => file.includes(only))) {
  const path = join(folder, `node_modules/vega-datasets/data/${file}.csv`)
  const rows = seeds.flatMap((seed) => {
    const words = ['train', path, '--task', 'forecast', '--target', target, ...flags, '--seed', seed, '--json']
    const out = node([...words, '--force', '--threads', '1', '--out', join(folder, 'run')])
    const { measured } = JSON.parse(out.trim().split('\n').at(-1)!) as { measured: { targets: Record<string, Target> } }
    const measures = measured.targets[target]!
    return forecasters.flatMap((name) => {
      const errors = measures[name] as Errors | undefined
      if (!errors || (name !== 'model' && seed !== seeds[0])) return []
      const own = name === 'model'
      return [[
        own ? `model, seed ${seed}` : name,
        ...shown.map((ahead) => errors.MAE[ahead - 1]!.toPrecision(4)),
        ...shown.map((ahead) => errors.MASE[ahead - 1]!.toPrecision(3)),
        ...shown.map((ahead) => (own ? `${(100 * measures.coverage[ahead - 1]!).toFixed(1)} %` : '')),
      ]]
    })
  })
  if ('control' in more) {
    const errors = shown.map((ahead) => autoregression(path, target, more.control, ahead).toPrecision(4))
    rows.push(['ridge AR(7)', ...errors, ...shown.flatMap(() => ['', ''])])
  }
  const header = ['MAE', 'MASE', 'within'].flatMap((measure) => shown.map((ahead) => `${measure} ${ahead}`))
  console.log(`${file}, ${target}: ${flags.join(' ')}\n${table(['', ...header], rows)}\n`)
}
rmSync(folder, { recursive: true })
