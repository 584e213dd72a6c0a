/**
 * The table of docs/guides/forecasting.md: trains and backtests forecasts of public series through the command, as a
 * person would. Not a test: it takes minutes, and fetches the npm package with the series.
 *
 *     npx tsx --conditions=@recurra/source test/tasks/forecasting.ts
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { table } from 'recurra/terminal'

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

const runs = [
  { file: 'seattle-weather', target: 'temp_max', shown: [1, 3, 7], flags: ['--horizon', '7', '--origins', '146'] },
  { file: 'seattle-weather', target: 'temp_max', shown: [1, 3, 7], flags: ['--horizon', '7', '--origins', '365'] },
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

execFileSync('npm', ['install', '--prefix', folder, '--silent', '--no-audit', 'vega-datasets@2.11.0'])
for (const { file, target, shown, flags } of runs) {
  const rows = seeds.flatMap((seed) => {
    const path = join(folder, `node_modules/vega-datasets/data/${file}.csv`)
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
  const header = ['MAE', 'MASE', 'within'].flatMap((measure) => shown.map((ahead) => `${measure} ${ahead}`))
  console.log(`${file}, ${target}: ${flags.join(' ')}\n${table(['', ...header], rows)}\n`)
}
rmSync(folder, { recursive: true })
