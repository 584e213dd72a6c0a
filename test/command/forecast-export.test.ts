import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Random } from 'recurra'
import { afterAll, expect, it } from 'vitest'
import { recurra } from './recurra.ts'

const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
afterAll(() => rmSync(folder, { recursive: true }))
const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))
const file = (name: string, lines: readonly string[]): string => {
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`)
  return join(folder, name)
}
interface Linear {
  readonly bias: number
  readonly mean: readonly number[]
  readonly weight: readonly number[]
}
/** What a run has around its network. */
interface Around {
  readonly scaling: Readonly<
    Record<'level' | 'change', { readonly mean: readonly number[]; readonly deviation: readonly number[] }>
  >
  readonly layout: { readonly lags: number; readonly means: readonly number[] }
  readonly heads: readonly (readonly { linear: Linear; spread: Linear; offsets: readonly number[] }[])[]
  readonly window: number
}

it('an export says what the network lacks, and with that gives the same forecasts', async () => {
  const random = new Random(4)
  const values = [0]
  while (values.length < 300) values.push(0.9 * values.at(-1)! + random.normal())
  const table = file('ar.csv', ['v', ...values.map((value) => value.toFixed(3))])
  const run = join(folder, 'run')
  const flags = ['--steps', '60', '--horizon', '2', '--season', '0', '--learning-rate', '0.01', '--threads', '1']
  const ended = await recurra('train', table, '--task', 'forecast', ...flags, '--out', run)
  expect(ended).toMatchObject({ code: 0, err: '' })
  const script = join(folder, 'ar.mjs')
  const { json } = await recurra('export', run, '--to', 'javascript', '--out', script, '--json')
  expect(json[0]!['leftOut']).toMatch(/^This is the network alone;.* linear/)
  const said = await recurra('export', run, '--to', 'npz', '--out', join(folder, 'ar.npz'))
  expect(said.out).toMatch(/\nThis is the network alone; .* y is no forecast, but a correction/)

  // By hand, as the guide has it: too few rows for the errors to shift the middle.
  const last = values.slice(-18).map((value) => Number(value.toFixed(3)))
  const ahead = await recurra('predict', run, file('last.csv', ['v', ...last.map(String)]), '--json')
  const { codec } = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')) as { codec: Around }
  const { scaling: { level, change }, layout, heads: [heads], window } = codec
  const { step } = (await import(script)) as { step: (x: number[]) => Float64Array }
  let y: readonly number[] = []
  last.forEach((value, t) => {
    if (t < last.length - window) return
    const moved = value - last[Math.max(0, t - 1)]!
    const x = [(value - level.mean[0]!) / level.deviation[0]!, (moved - change.mean[0]!) / change.deviation[0]!]
    y = [...step(x)]
  })
  const [t, now] = [last.length - 1, last.at(-1)!]
  const back = (k: number): number => last[Math.max(0, t - k)]! - now
  const sum = (terms: readonly number[]): number => terms.reduce((a, b) => a + b, 0)
  const inputs = [
    now,
    ...times(layout.lags - 1, (k) => back(k + 1)),
    ...layout.means.map((r) => sum(times(r - 1, (k) => back(k + 1))) / r),
  ]
  const points = heads!.map(({ linear, spread, offsets }, h) => {
    const l = linear.bias + sum(linear.weight.map((weight, i) => weight * (inputs[i]! - linear.mean[i]!)))
    return now + l + spread.bias * (offsets[1]! + y[3 * h + 1]!)
  })
  const rows = ahead.json.slice(1) as unknown as { v: number }[]
  rows.forEach(({ v }, h) => expect(v).toBeCloseTo(points[h]!, 4))
  expect(y.some((one) => Math.abs(one) > 0.01)).toBe(true)
})
