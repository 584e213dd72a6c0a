import { expect, it } from 'vitest'
import { overfittingSince, withMeasure } from './measures.ts'

const measure = (step: number, train: number, heldOut: number) =>
  ({ step, train: { loss: train }, heldOut: { loss: heldOut } })

it('overfitting starts where the held-out loss was lowest, once it stays higher while the training loss falls', () => {
  const measures = [measure(1, 2, 2), measure(10, 1, 1.2), measure(20, 0.5, 1.4), measure(30, 0.4, 1.5)]
  expect(overfittingSince(measures)).toBeUndefined() // two measurements may be chance
  expect(overfittingSince([...measures, measure(40, 0.2, 1.6)])).toBe(10)
  expect(overfittingSince([...measures, measure(40, 0.2, 1.25)])).toBeUndefined()
  expect(overfittingSince([...measures, measure(40, 1.1, 1.6)])).toBeUndefined() // both rise: it is not that
  expect(overfittingSince([])).toBeUndefined()
})

it('a long training keeps its first measurements and the last', () => {
  let all: ReturnType<typeof withMeasure> = []
  for (let step = 1; step <= 1000; step++) all = withMeasure(all, measure(step, 1, 1))
  expect(all.length).toBeLessThanOrEqual(300)
  expect(all.at(-1)!.step).toBe(1000)
  expect(all[0]!.step).toBeLessThan(20)
})
