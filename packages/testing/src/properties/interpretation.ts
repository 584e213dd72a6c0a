import { javascript, type Backend } from '@recurra/backend'
import { Stream } from '@recurra/layers'
import { expect, it } from 'vitest'
import { faults } from '../faults.ts'
import { build, hasTime, type Subject } from '../layer/subject.ts'
import { Trial, type Results } from '../trial.ts'

/**
 * Where a page forbids generated code, formulas are interpreted, and give what compiled ones give up to the order of
 * their sums: so every other property holds there, too. `describeBackend` has the operations one by one.
 */
export const describeInterpretation = (subject: Subject): void => {
  const both = (run: (on: Subject) => Results[]): void => {
    const [compiled, interpreted] = (['compiled', 'interpreted'] as const).map((formulas) =>
      run({ ...subject, backend: (): Backend => javascript({ dtype: 'float64', formulas }) })) as [Results[], Results[]]
    expect(interpreted.length).toBe(compiled.length)
    interpreted.forEach((results, i) => expect(faults(results, compiled[i]!, 1e-12, `${i}: `)).toEqual([]))
  }

  it('interpreted formulas give the same: a batch, padding, inputs that saturate', () =>
    both((on) => {
      const { layer, samples, random } = build(on)
      const batches = hasTime(subject) ? [[4, 4, 4], [2, 4, 1]] : [[1, 1, 1]]
      return [...batches, batches[0]!].flatMap((lengths, i) => {
        const trial = new Trial(layer, samples(lengths, i === batches.length ? 50 : 1), { random }).run()
        return [trial.parameters(), ...lengths.map((_, b) => trial.sample(b))]
      })
    }))

  const { causal, source } = build(subject).layer
  if (hasTime(subject) && causal && !source)
    it('interpreted formulas give the same: step by step', () =>
      both((on) => {
        const steps = 4
        const { layer, samples } = build(on)
        const stream = new Stream(layer)
        const x = samples([steps])[0]!.x
        return Array.from({ length: steps }, (_, t): Results => {
          const y = stream.push(x.slice((t * x.length) / steps, ((t + 1) * x.length) / steps))
          return y ? { y: Array.from(layer.backend.read(y)) } : {}
        })
      }))
}
