import { javascript, type Backend } from '@recurra/backend'
import { Stream } from '@recurra/layers'
import { expect, it } from 'vitest'
import { build, hasTime, type Subject } from '../layer/subject.ts'
import { Trial } from '../trial.ts'

/**
 * Where a page forbids generated code, formulas are interpreted: to the same bits as compiled ones, so that every other
 * property holds there, too. `describeBackend` has the operations one by one.
 */
export const describeInterpretation = (subject: Subject): void => {
  const [compiled, interpreted] = (['compiled', 'interpreted'] as const).map(
    (formulas): Subject => ({ ...subject, backend: (): Backend => javascript({ dtype: 'float64', formulas }) }),
  ) as [Subject, Subject]

  it('interpreted formulas give the same bits: a batch, padding, inputs that saturate', () => {
    const batches = hasTime(subject) ? [[4, 4, 4], [2, 4, 1]] : [[1, 1, 1]]
    const run = (on: Subject): unknown => {
      const { layer, samples, random } = build(on)
      return [...batches, batches[0]!].map((lengths, i) => {
        const trial = new Trial(layer, samples(lengths, i === batches.length ? 50 : 1), { random }).run()
        return [trial.parameters(), ...lengths.map((_, b) => trial.sample(b))]
      })
    }
    expect(run(interpreted)).toEqual(run(compiled))
  })

  const { causal, source } = build(subject).layer
  if (hasTime(subject) && causal && !source)
    it('interpreted formulas give the same bits: step by step', () => {
      const steps = 4
      const run = (on: Subject): unknown => {
        const { layer, samples } = build(on)
        const stream = new Stream(layer)
        const x = samples([steps])[0]!.x
        return Array.from({ length: steps }, (_, t) => {
          const y = stream.push(x.slice((t * x.length) / steps, ((t + 1) * x.length) / steps))
          return y && Array.from(layer.backend.read(y))
        })
      }
      expect(run(interpreted)).toEqual(run(compiled))
    })
}
