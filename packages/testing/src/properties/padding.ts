import { expect, it } from 'vitest'
import { faults, sumOf } from '../faults.ts'
import { build, hasTime, type Subject } from '../layer/subject.ts'
import { Trial } from '../trial.ts'

/** A sequence gives the same result in a padded batch as alone, although padding holds NaN. */
export const describePadding = (subject: Subject): void => {
  if (!hasTime(subject) || subject.draws || subject.couples) return
  for (const [name, lengths, steps] of [
    ['of unsorted lengths', [2, 5, 1, 4], 5],
    ['that is all too long', [3, 3], 6],
  ] as const)
    it(`padding changes nothing: a batch ${name}`, () => {
      const { layer, samples } = build(subject)
      const all = samples(lengths)
      const together = new Trial(layer, all, { steps }).run()
      const [rows, parameters] = [all.map((_, b) => together.sample(b)), together.parameters()]
      const alone = all.map((sample) => {
        const trial = new Trial(layer, [sample]).run()
        return [trial.sample(0), trial.parameters()] as const
      })
      rows.forEach((row, b) => expect(faults(row, alone[b]![0], 1e-12, `sample ${b}: `)).toEqual([]))
      expect(faults(parameters, sumOf(alone.map(([, d]) => d)), 1e-12)).toEqual([])
    })
}
