import { expect, it } from 'vitest'
import { notFinite } from '../faults.ts'
import { build, hasTime, type Subject } from '../layer/subject.ts'
import { Trial } from '../trial.ts'

/** Huge inputs, saturated gates, and long sequences leave everything finite. */
export const describeExtremes = (subject: Subject): void => {
  if (subject.input !== 'tokens')
    for (const scale of subject.extremes)
      it(`inputs of ${scale} stay finite`, () => {
        const { layer, samples, random } = build(subject)
        const trial = new Trial(layer, samples([3, 3], scale), { random }).run()
        expect([
          ...notFinite(trial.sample(0)),
          ...notFinite(trial.sample(1)),
          ...notFinite(trial.parameters()),
        ]).toEqual([])
      })
  if (!hasTime(subject)) return
  it(`one sequence of one step beside one of ${subject.longest}`, () => {
    const { layer, samples, random } = build(subject)
    const trial = new Trial(layer, samples([1, subject.longest]), { random }).run()
    expect([...notFinite(trial.sample(0)), ...notFinite(trial.sample(1)), ...notFinite(trial.parameters())]).toEqual([])
  })
}
