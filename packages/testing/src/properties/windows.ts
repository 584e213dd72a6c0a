import { expect, it } from 'vitest'
import { faults, sumOf } from '../faults.ts'
import { build, hasTime, type Subject } from '../layer/subject.ts'
import type { Sample } from '../sample.ts'
import { Trial, type Results } from '../trial.ts'

const state = (results: Results, prefix: string): number[][] =>
  Object.entries(results).filter(([name]) => name.startsWith(prefix)).map(([, values]) => [...values])

/**
 * A long sequence equals its consecutive windows: the final state of one is the initial state of the next, and its
 * gradient flows back. So 2000 steps are correct if 200 are.
 */
export const describeWindows = (subject: Subject): void => {
  const { layer: { causal, out, source, stride } } = build(subject)
  if (!hasTime(subject) || subject.draws || subject.couples) return
  if (!causal || out.kind === 'vector' || source || stride) return
  for (const [steps, window] of [[6, 1], [subject.longest, subject.longest / 10]] as const)
    it(`${steps} steps are ${steps / window} windows of ${window}`, () => {
      const { layer, samples } = build(subject)
      const [long] = samples([steps]) as [Sample]
      const trial = new Trial(layer, [long]).run()
      const [whole, parameters] = [trial.sample(0), trial.parameters()]
      const part = (values: readonly number[], w: number): number[] =>
        values.slice((w * values.length * window) / steps, ((w + 1) * values.length * window) / steps)
      const cuts = Array.from({ length: steps / window }, (_, w) => ({
        ...long,
        length: window,
        x: part(long.x, w),
        dy: part(long.dy, w),
      }))
      const trials: Trial[] = []
      for (const cut of cuts) {
        const before = trials.at(-1)
        const trial = new Trial(layer, [{ ...cut, initial: before ? state(before.sample(0), 'final.') : long.initial }])
        trial.forward()
        trials.push(trial)
      }
      const gradients: Results[] = []
      for (let w = trials.length - 1, dFinal: readonly (readonly number[])[] = long.dFinal; w >= 0; w--) {
        const trial = trials[w]!
        trial.receive(dFinal)
        trial.backward()
        gradients.push(trial.parameters())
        dFinal = state(trial.sample(0), 'd.initial.')
      }
      const parts = trials.map((trial) => trial.sample(0))
      const joined: Results = {
        ...parts[0],
        ...Object.fromEntries(Object.entries(parts.at(-1)!).filter(([name]) => name.startsWith('final.'))),
      }
      const inRow = (name: string): Results =>
        name in whole ? { [name]: parts.flatMap((results) => results[name]!) } : {}
      expect(faults({ ...joined, ...inRow('y'), ...inRow('dx') }, whole, 1e-12)).toEqual([])
      expect(faults(sumOf(gradients), parameters, 1e-12)).toEqual([])
    })
}
