import { javascript, type Backend } from '@recurra/backend'
import { expect, it } from 'vitest'
import { shared } from '../backend/checks.ts'
import { epsilon } from '../backend/ulps.ts'
import { faults } from '../faults.ts'
import { build, hasTime, type LayerSuiteOptions, type Subject } from '../layer/subject.ts'
import { Trial, type Results } from '../trial.ts'

/** Sizes that are not multiples of a vector or a tile: [features, size, batch]. */
const sizes = [
  [1, 1, 1], [3, 2, 5], [5, 7, 3], [7, 5, 1], [33, 31, 7], [257, 2, 3], [3, 131, 4],
] as const

/** Other backends match JavaScript in float64, within the rounding errors of their number type; padding holds NaN. */
export const describeAgreement = (subject: Subject, backends: NonNullable<LayerSuiteOptions['backends']>): void => {
  if (Object.keys(backends).length === 0) return
  const made = Object.entries(backends).map(([name, make]) => ({ name, make: shared(make) }))
  const names = made.map(({ name }) => name).join(', ')
  for (const [features, size, batch] of sizes)
    it(`${names} agree with JavaScript in float64: ${features} features, size ${size}, batch ${batch}`, async () => {
      const lengths = Array.from({ length: batch }, (_, b) => (hasTime(subject) ? 1 + ((b + batch) % 3) : 1))
      const run = async (backend: Backend): Promise<Results[]> => {
        const { layer, samples, random } = build({ ...subject, backend: () => backend }, { features, size })
        const trial = await new Trial(layer, samples(lengths), { random }).run().fetch()
        return [trial.parameters(), ...lengths.map((_, b) => trial.sample(b))]
      }
      const want = await run(javascript({ dtype: 'float64' }))
      for (const { name, make } of made) {
        const backend = await make()
        // Some dozen consecutive roundings; the error of a sum grows with the square root of the number of terms.
        const limit = 32 * Math.sqrt(features + size) * epsilon[backend.dtype]
        const got = await run(backend)
        got.forEach((results, i) =>
          expect(faults(results, want[i]!, limit, `${name}, ${i === 0 ? '' : `sample ${i - 1}: `}`)).toEqual([]),
        )
      }
    })
}
