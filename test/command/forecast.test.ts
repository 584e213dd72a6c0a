import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Random } from 'recurra'
import { afterAll, expect, it } from 'vitest'
import { recurra } from './recurra.ts'

const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
afterAll(() => rmSync(folder, { recursive: true }))
const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))
const date = (i: number): string => new Date(Date.UTC(2023, 0, 1 + i)).toISOString().slice(0, 10)
const file = (name: string, lines: readonly string[]): string => {
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`)
  return join(folder, name)
}
/** Trains shortly, and returns the run and what was measured. */
const trained = async (table: string, ...flags: readonly string[]) => {
  const run = join(folder, `run-${table.split('/').at(-1)!}-${flags.join('')}`)
  const ended = await recurra('train', table, '--task', 'forecast', '--threads', '1', ...flags, '--out', run, '--json')
  expect(ended).toMatchObject({ code: 0, err: '' })
  const measured = ended.json.at(-1)!['measured'] as Measured
  return { run, measured, start: ended.json[0]! }
}
type Errors = Readonly<Record<'MAE' | 'RMSE' | 'MASE', readonly number[]>>
interface Measured {
  readonly verdict: string
  readonly beatsBaselines: boolean
  readonly targets: Readonly<
    Record<
      string,
      Readonly<Record<'model' | 'naive' | 'drift' | 'ridge' | 'seasonal naive', Errors>> & {
        readonly rows: number[]
        readonly coverage: number[]
      }
    >
  >
}
const short = ['--steps', '20']

// The days of 2015 of seattle-weather.csv in the npm package vega-datasets 2.11.0 (NOAA).
const weather = fileURLToPath(new URL('seattle-weather-2015.csv', import.meta.url))

it('counts every row once: the RMSE of persistence over the 365 days of 2015', async () => {
  const { run } = await trained(weather, ...short)
  const { json: [measured] } = await recurra('evaluate', run, weather, '--json')
  const { targets } = measured as unknown as Measured
  const naive = Object.fromEntries(
    Object.entries(targets).map(([name, { naive: { RMSE } }]) => [name, Number(RMSE[0]!.toFixed(3))]),
  )
  expect(naive).toEqual({ precipitation: 8.342, temp_max: 2.909, temp_min: 1.958, wind: 1.451 })
  expect(Object.values(targets).map(({ rows }) => rows)).toEqual(times(4, () => [364]))
})

it('learns how a series continues, better than its baselines, and says so first', async () => {
  const random = new Random(1)
  // Each value hangs on the distance of the one before it from 0: no linear forecast can tell.
  const values = [0.3]
  while (values.length < 600) values.push(1 - 1.6 * Math.abs(values.at(-1)!) + 0.05 * random.uniform())
  const table = file('chaos.csv', ['v', ...values.map((value) => value.toFixed(3))])
  const { run, measured } = await trained(table, '--learning-rate', '0.01', '--horizon', '1', '--hidden', '24')
  expect(measured.verdict).toMatch(/^v: better than its baselines: MAE /)
  expect(measured.targets['v']!.coverage[0]!).toBeGreaterThan(0.7)
  expect(measured.targets['v']!.coverage[0]!).toBeLessThan(0.9)
  expect(measured.targets['v']!.model.MAE[0]!).toBeLessThan(0.7 * measured.targets['v']!.ridge.MAE[0]!)
  expect(JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'))).toMatchObject({ measured: { beatsBaselines: true } })
  const report = readFileSync(join(run, 'report.html'), 'utf8')
  expect(report).toContain('<p class="verdict">v: better than its baselines')
  expect(report).toContain('<path class="band"')
})

it('says first where a model is not better: a random walk', async () => {
  const random = new Random(2)
  let level = 100
  const table = file('walk.csv', [
    'day,price',
    ...times(200, (i) => `${date(i)},${(level += random.uniform(-1, 1)).toFixed(2)}`),
  ])
  const { code, out } = await recurra(
    'train',
    table,
    '--task',
    'forecast',
    ...short,
    '--horizon',
    '3',
    '--out',
    join(folder, 'walk'),
  )
  expect(code).toBe(0)
  const result = out.split('\n').filter((line) => !line.includes(' %  loss'))
  expect(result.findIndex((line) => line.startsWith('price: NOT better than its baselines'))).toBeLessThan(
    result.findIndex((line) => line.includes('after 20 steps')),
  )
})

it('prints as many digits as the data has, of large numbers with small steps', async () => {
  const table = file('large.csv', ['visits', ...times(200, (i) => String(1234567890 + 3 * i + (i % 5)))])
  const { run, measured } = await trained(table, '--steps', '300')
  expect(measured.targets['visits']!.model.MAE[0]!).toBeLessThan(0.1)
  const { out } = await recurra('predict', run, table, '--length', '3')
  const points = out.trim().split('\n').map((line) => line.split(',')[1])
  expect(points).toEqual(['visits', ...[200, 201, 202].map((i) => String(1234567890 + 3 * i + (i % 5)))])
  const steps = file('steps.csv', ['v', ...times(100, (i) => (1e9 + 0.25 * i).toFixed(2))])
  const { out: next } = await recurra('predict', (await trained(steps, ...short)).run, steps, '--length', '2')
  expect(next).toBe(
    'ahead,v,v 10%,v 90%\n1,1000000025.00,1000000025.00,1000000025.00\n2,1000000025.25,1000000025.25,1000000025.25\n',
  )
})

it('a constant column stays constant', async () => {
  const table = file('constant.csv', ['a,b', ...times(100, (i) => `0.10,${Math.sin(i / 3).toFixed(4)}`)])
  const { out } = await recurra('predict', (await trained(table, ...short)).run, table, '--length', '4')
  expect(
    out.trim().split('\n').slice(1).map((line) => line.split(',').slice(1, 4)),
  ).toEqual(times(4, () => ['0.10', '0.10', '0.10']))
})

it('reads what is known in advance from the rows of the future, and dates its forecasts', async () => {
  const random = new Random(3)
  const off = times(330, () => Number(random.uniform() < 0.3))
  const row = (i: number): string => `${date(i)},${off[i] ? 20 : 50 + Math.round(random.uniform())},${off[i]!}`
  const table = file('shop.csv', ['day,sales,holiday', ...times(300, row)])
  const { run, measured } = await trained(table, '--target', 'sales', '--known', 'holiday', '--horizon', '7')
  expect(measured.targets['sales']!.model.MAE[6]!).toBeLessThan(2)
  const ahead = file('ahead.csv', [
    'day,sales,holiday',
    ...times(300, row),
    ...times(7, (i) => `${date(300 + i)},,${off[300 + i]!}`),
  ])
  const { json } = await recurra('predict', run, ahead, '--json')
  const said = json.slice(1) as unknown as { date: string; sales: number; intervals: { sales: [number, number] } }[]
  expect(said.map((one) => one.date)).toEqual(times(7, (i) => date(300 + i)))
  said.forEach(
    ({ sales, intervals: { sales: [low, high] } }, i) => {
      expect(Math.abs(sales - (off[300 + i] ? 20 : 50.5))).toBeLessThan(6)
      expect(low <= sales && sales <= high).toBe(true)
    },
  )
  const refused = await recurra('predict', run, table)
  expect(refused).toMatchObject({
    code: 1,
    err: expect.stringContaining(
      'expected what is known in advance, in 7 rows after the last with sales, got 0 such rows',
    ) as string,
  })
  expect(await recurra('predict', run, ahead, '--length', '8')).toMatchObject({
    code: 1,
    err: expect.stringContaining('--length: expected at most 7 rows, the --horizon of the training, got 8') as string,
  })
})

it('forecasts step by step as well, and measures that from every distance', async () => {
  const table = file('waves.csv', [
    'day,height',
    ...times(300, (t) => `${date(t)},${(20 + 5 * Math.sin(t / 3)).toFixed(3)}`),
  ])
  const { run, measured } = await trained(table, '--horizon', '5', '--strategy', 'recursive', '--origins', '50')
  const { rows, model, naive, coverage } = measured.targets['height']!
  expect(rows).toEqual(times(5, () => 50))
  expect(coverage).toHaveLength(5)
  for (const h of [0, 2, 4]) expect(model.MAE[h]!).toBeLessThan(0.2 * naive.MAE[h]!)
  const { out } = await recurra('predict', run, table, '--length', '12')
  expect(out).toMatch(/^day,height,height 10%,height 90%\n(2023-\d\d-\d\d(,\d+\.\d{3}){3}\n){12}$/)
})

it('a hole is an error with the choices, or filled as was chosen, in every command', async () => {
  const lines = ['day,v', ...times(150, (i) => `${date(i)},${i === 77 ? 'NA' : (i % 7) + i / 50}`)]
  const table = file('hole.csv', lines)
  const refused = await recurra('train', table, '--task', 'forecast', '--out', join(folder, 'hole'))
  expect(refused).toMatchObject({ code: 1, out: '' })
  expect(refused.err).toMatch(/line 79, v: expected a number, got "NA"\. .*--missing carry .* interpolate .* mask/)
  for (const way of ['carry', 'interpolate', 'mask']) {
    const { run, start } = await trained(table, ...short, '--missing', way)
    expect(JSON.stringify(start['notes'])).toContain('1 value missing')
    expect((await recurra('predict', run, table, '--length', '1')).code).toBe(0)
  }
  const wrong = await recurra('train', table, '--task', 'forecast', '--missing', 'drop', '--out', join(folder, 'hole'))
  expect(wrong.code).not.toBe(0)
})

it.each([
  ['a horizon that is not a number', ['--horizon', 'x'], 2, '--horizon: expected an integer'],
  ['a strange calendar', ['--calendar', 'moon'], 2, '--calendar: expected auto, none, or some of year, week, day'],
  ['too few rows for a horizon', ['--horizon', '100'], 1, 'expected at least'],
  ['an unknown target', ['--target', 'x'], 2, '--target: expected one of the columns day, v, got x.'],
  ['an interval of 100 %', ['--interval', '100'], 2, '--interval: expected a number of percent'],
])('%s is refused in one line', async (_, flags, code, why) => {
  const table = file('small.csv', ['day,v', ...times(40, (i) => `${date(i)},${i % 5}`)])
  const ended = await recurra('train', table, '--task', 'forecast', ...flags, '--out', join(folder, 'refused'))
  expect({ ...ended, err: ended.err.split('\n')[0] }).toMatchObject({
    code,
    out: '',
    err: expect.stringContaining(why) as string,
  })
})
