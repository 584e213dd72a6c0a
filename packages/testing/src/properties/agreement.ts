import { javascript, type Backend } from '@recurra/backend'
import { expect, it } from 'vitest'
import { epsilon } from '../backend/ulps.ts'
import { faults } from '../faults.ts'
import { build, hasTime, type Subject } from '../layer/subject.ts'
import { Trial } from '../trial.ts'

/** Sizes that fit no vector and no tile. */
const sizes = [[1, 1, 1], [2, 3, 2], [3, 2, 5], [5, 7, 3], [7, 5, 1], [31, 33, 2], [33, 31, 7], [257, 2, 3], [3, 257, 2]] as const

/** A backend gives what JavaScript gives in float64, to the rounding errors of its own numbers. */
export const describeAgreement = (subject: Subject, name: string, make: () => Backend): void => {
  let made: Backend | undefined
  const backend = (): Backend => (made ??= make())
  for (const [features, size, batch] of sizes)
    it(`${name} agrees with JavaScript in float64: ${features} features, size ${size}, batch ${batch}`, () => {
      const lengths = Array.from({ length: batch }, (_, b) => (hasTime(subject) ? 1 + ((b + batch) % 3) : 1))
      const [got, want] = [backend, () => javascript({ dtype: 'float64' })].map((on) => {
        const { layer, samples, random } = build({ ...subject, backend: on }, { features, size })
        return new Trial(layer, samples(lengths), { random }).run()
      }) as [Trial, Trial]
      // Some dozen roundings one after the other; sums of many terms lose the square root of their number.
      const limit = 32 * Math.sqrt(features + size) * epsilon[got.layer.backend.dtype]
      lengths.forEach((_, b) => expect(faults(got.sample(b), want.sample(b), limit, `sample ${b}: `)).toEqual([]))
      expect(faults(got.parameters(), want.parameters(), limit)).toEqual([])
    })
}
