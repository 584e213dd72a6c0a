import { transposed } from '@recurra/tensor'
import type { Backend } from 'recurra'
import type { Pace } from '../interleave.ts'
import { median } from '../statistics.ts'
import { short, table } from '../table.ts'
import { race } from './race.ts'
import { registerPeak } from './register-peak.ts'
import { shapes, type Shape } from './shapes.ts'

/** A product of some shape on a backend, bound to numbers that are no denormals. */
const productOf = (backend: Backend, { n, k, m, transposed: way, packed }: Shape): (() => void) => {
  const matrix = (rows: number, columns: number, turned: boolean) => {
    const made = backend.zeros(turned ? [columns, rows] : [rows, columns])
    backend.write(made, Array.from({ length: rows * columns }, (_, i) => (i % 7) / 7 - 0.4))
    return turned ? transposed(made) : made
  }
  const operands = { out: backend.zeros([n, m]), a: matrix(n, k, way === 'a'), b: matrix(k, m, way === 'b') }
  if (!packed) {
    const run = backend.matmul(operands)
    return () => run(0)
  }
  const { prepare, run } = backend.packedMatmul(operands)
  prepare()
  return () => run(0)
}

/** GFLOP/s of every shape on every backend, and what share that is of the peak of the registers in the same rounds. */
export const productsReport = (
  backends: { readonly [system: string]: Backend },
  pace: Pace,
  say: (line: object) => void,
): string => {
  const peak = registerPeak()
  const rows = shapes.map((shape) => {
    const { use, n, k, m } = shape
    const flops = 2 * n * k * m
    const runners: { [system: string]: () => void } = Object.fromEntries(
      Object.entries(backends).map(([system, backend]) => [system, productOf(backend, shape)]),
    )
    const seconds: { [runner: string]: number[] } = race({ ...runners, peak: peak.run }, pace)
    const peaks = seconds['peak']!.map((s) => peak.flops / s / 1e9)
    const cells = Object.keys(backends).map((system) => {
      const rates = seconds[system]!.map((s) => flops / s / 1e9)
      const share = median(rates.map((rate, round) => rate / peaks[round]!))
      say({
        workload: `matmul ${n}x${k}x${m}, ${use}`,
        system: system.split('/')[0],
        threads: Number(system.split('/')[1]),
        unit: 'GFLOP/s',
        median: median(rates),
        min: Math.min(...rates),
        max: Math.max(...rates),
        rss: process.memoryUsage.rss(),
        ratios: { 'register peak': share },
      })
      return [short(median(rates)), `${Math.round(share * 100)} %`]
    })
    return [`${n} x ${k} x ${m}, ${use}`, short(median(peaks)), ...cells.flat()]
  })
  const head = [
    'products, GFLOP/s',
    peak.fused ? 'peak (fused)' : 'peak',
    ...Object.keys(backends).flatMap((system) => [system, 'of peak']),
  ]
  return table(head, rows)
}
