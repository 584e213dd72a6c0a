import { javascript } from '@recurra/backend'
import { Random, ValueError } from '@recurra/tensor'
import { planLoss, type Loss, type Reduction } from '@recurra/training'
import { describe, expect, it } from 'vitest'
import { shared, type MakeBackend } from '../backend/checks.ts'
import { epsilon } from '../backend/ulps.ts'
import { bytesPerCall, canMeasure, onceMore } from '../bytes-per-call.ts'
import { faults, notFinite } from '../faults.ts'
import { drawRows, runLoss, runLossAsync, type LossRow } from './run-loss.ts'

/** Options of `describeLoss`. */
export interface LossOptions {
  /** Magnitudes of the predictions at which the loss and its gradient must stay finite. Default: `[1e4, 1e300]`. */
  readonly extremes?: readonly number[]
  /** Backends to compare with JavaScript in float64. Default: no others. */
  readonly backends?: Readonly<Record<string, MakeBackend>>
  /** Same seed, same numbers. Default: 1. */
  readonly seed?: number
}

const step = 1e-3
const reductions: readonly Reduction[] = ['mean', 'sum', 'none']
/** Sizes that are not multiples of a vector: [rows, columns]. */
const sizes = [[1, 1], [2, 3], [3, 2], [5, 7], [31, 33], [1, 257], [257, 5]] as const

/**
 * The suite that every loss passes: gradients, reductions, masks, the order of rows, extremes, allocation; in float64
 * on the JavaScript backend, and on `backends` compared with that.
 *
 * ```ts
 * import { elementWise, softplus } from 'recurra'
 * import { describeLoss } from '@recurra/testing/vitest'
 *
 * describeLoss('softplus of the distance', (reduction) =>
 *   elementWise('soft', (y, target) => softplus(y.sub(target)), { reduction }),
 * )
 * ```
 */
export const describeLoss = (
  name: string,
  make: (reduction: Reduction) => Loss,
  { extremes = [1e4, 1e300], backends = {}, seed = 1 }: LossOptions = {},
): void =>
  void describe(name, () => {
    const probe = javascript()
    const probed = make('sum').plan(probe, { value: probe.zeros([1, 3]), grad: probe.zeros([0]) })
    const classes = probed.classes !== undefined
    const draw = (count: number, columns = 3, scale = 2): LossRow[] =>
      drawRows(classes, columns, count, new Random(seed), scale)

    it('says whether its frames have the losses of rows', () =>
      expect(make('sum').byRow ?? false).toBe(probed.rows !== undefined))

    for (const formulas of ['compiled', 'interpreted'] as const)
      describe(`formulas ${formulas}`, () => {
        const backend = javascript({ dtype: 'float64', formulas })

        for (const reduction of reductions)
          it(`the gradient of '${reduction}' equals differences, beside padding of NaN`, () => {
            const rows = draw(3)
            const padded = [rows[0]!, null, rows[1]!, rows[2]!, null]
            const verdict = runLoss(make(reduction), backend, padded)
            const gradients = verdict.rows.filter((_, i) => padded[i]).flatMap(({ dy }) => dy!)
            const scores = rows.map(({ y }) => [...y])
            const differences = scores.flatMap((row) => row.map((score, c) => {
              const at = (distance: number): number => {
                row[c] = score + distance
                return verdict.again(scores)
              }
              const difference = (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step)
              row[c] = score
              return difference
            }))
            expect(faults({ dy: gradients }, { dy: differences }, 1e-8)).toEqual([])
          })

        it('reductions agree: the sum is that of each, the mean is between the least and the largest', () => {
          const [mean, sum, none] = reductions.map((reduction) => runLoss(make(reduction), backend, draw(4)))
          const each = none!.rows.flatMap((row) => row['each']!)
          expect(sum!.value).toBeCloseTo(each.reduce((a, b) => a + b, 0), 12)
          expect(none!.value).toBeCloseTo(sum!.value, 12)
          expect(none!.rows).toEqual(sum!.rows)
          expect(mean!.value).toBeGreaterThanOrEqual(Math.min(...each) - 1e-12)
          expect(mean!.value).toBeLessThanOrEqual(Math.max(...each) + 1e-12)
        })

        if (classes)
          it('refuses a class that there is not, where it counts', () => {
            const [rows, columns] = [2, 3]
            const mask = backend.zeros([rows])
            const frame = planLoss(
              make('sum'), backend,
              { value: backend.zeros([rows, columns]), grad: backend.zeros([rows, columns]) },
              mask,
            )
            const run = (target: readonly number[], counts: readonly number[]) => () => {
              backend.write(mask, counts)
              backend.write(frame.target, target)
              return frame.run()
            }
            for (const bad of [-7, columns, 2 ** 30]) {
              expect(run([0, bad], [1, 1]), String(bad)).toThrow(ValueError)
              expect(run([0, bad], [1, 0]), String(bad)).not.toThrow()
            }
            expect(run([0, 0.5], [1, 1])).toThrow(ValueError)
            expect(run([0, columns - 1], [1, 1])).not.toThrow()
          })

        for (const reduction of reductions)
          it(`padding changes nothing in '${reduction}'`, () => {
            const rows = draw(3)
            const padded = [null, rows[0]!, rows[1]!, null, rows[2]!, null]
            const [got, want] = [runLoss(make(reduction), backend, padded), runLoss(make(reduction), backend, rows)]
            expect(Math.abs(got.value - want.value)).toBeLessThanOrEqual(1e-12)
            got.rows
              .filter((_, i) => padded[i])
              .forEach((row, i) => expect(faults(row, want.rows[i]!, 1e-12, `row ${i}: `)).toEqual([]))
            got.rows
              .filter((_, i) => !padded[i])
              .forEach((row) => expect(Object.values(row).flat().every((number) => number === 0)).toBe(true))
          })

        it('the order of rows changes nothing but the order', () => {
          const rows = draw(4)
          const [got, want] = [runLoss(make('mean'), backend, rows.toReversed()), runLoss(make('mean'), backend, rows)]
          expect(Math.abs(got.value - want.value)).toBeLessThanOrEqual(1e-12)
          got.rows.forEach((row, i) => expect(faults(row, want.rows[3 - i]!, 1e-12)).toEqual([]))
        })

        it('measures the same where no gradient is kept', () => {
          expect(runLoss(make('mean'), backend, draw(3), { gradient: false }).value).toBe(
            runLoss(make('mean'), backend, draw(3)).value,
          )
        })

        for (const scale of extremes)
          it(`scores of ${scale} stay finite`, () => {
            const { value, rows } = runLoss(make('mean'), backend, draw(4, 3, scale))
            expect([...notFinite({ value: [value] }), ...rows.flatMap((row) => notFinite(row))]).toEqual([])
          })

        it.runIf(canMeasure)('a warm run allocates nothing', onceMore, async () => {
          const y = { value: backend.zeros([4, 3]), grad: backend.zeros([4, 3]) }
          const frame = planLoss(make('mean'), backend, y)
          backend.write(y.value, draw(4).flatMap((row) => row.y))
          backend.write(frame.target, draw(4).flatMap((row) => row.target))
          let sum = 0
          expect(await bytesPerCall(() => { sum += frame.run() })).toBeLessThan(64)
          expect(sum).not.toBe(0)
        })
      })

    for (const [on, other] of Object.entries(backends)) {
      const start = shared(other)
      for (const [count, columns] of sizes)
        it(`${on} agrees with JavaScript in float64: ${count} rows, ${columns} columns`, async () => {
          const backend = await start()
          const [got, want] = await Promise.all([backend, javascript({ dtype: 'float64' })].map((where) =>
            runLossAsync(make('sum'), where, draw(count, columns))))
          const limit = 16 * Math.sqrt(count * columns) * epsilon[backend.dtype]
          expect(faults({ value: [got!.value] }, { value: [want!.value] }, limit)).toEqual([])
          got!.rows.forEach((row, i) => expect(faults(row, want!.rows[i]!, limit, `row ${i}: `)).toEqual([]))
        })
    }
  })
