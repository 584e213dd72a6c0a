import { leaves, Lengths, Stream, tokens, vector } from '@recurra/layers'
import { ConfigurationError, Random, RecurraError } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { build, hasTime, type Subject } from '../layer/subject.ts'
import type { Sample } from '../sample.ts'
import { Trial } from '../trial.ts'

const others = { sequence: tokens, tokens: vector, vector: tokens } as const

/** What cannot be used is refused with an error that says what to do, and nothing has changed. */
export const describeComplaints = (subject: Subject): void => {
  it('refuses an input of another kind', () => {
    const context = { backend: subject.backend(), random: new Random(1) }
    const [blueprint, other] = [subject.make(3), others[subject.input](3)]
    expect(() => blueprint.build(other, context)).toThrow(RecurraError)
    expect(() => blueprint.build(other, context)).toThrow(/expected .+, got .+\. .+/)
  })

  it('refuses to go back through a frame planned for inference', () => {
    const { layer, samples } = build(subject)
    const trial = new Trial(layer, samples([2]), { mode: 'inference' })
    trial.forward()
    const before = trial.sample(0)
    expect(() => layer.backward(trial.frame)).toThrow(ConfigurationError)
    expect(trial.sample(0)).toEqual(before)
  })

  if (hasTime(subject))
    it('refuses lengths beyond the steps, and keeps the old ones', () => {
      const lengths = new Lengths(subject.backend(), 3, 2)
      lengths.set([1, 3])
      const mask = Array.from(lengths.mask.data)
      for (const bad of [[4, 1], [0, 1], [1], [1.5, 1], [Number.NaN, 1]]) expect(() => lengths.set(bad)).toThrow(RecurraError)
      expect(Array.from(lengths.mask.data)).toEqual(mask)
    })

  if (!build(subject).layer.causal || !hasTime(subject)) return
  it('refuses a step of the wrong size or with unusable numbers, and keeps its state', () => {
    const { layer, samples } = build(subject)
    const stream = new Stream(layer)
    const [{ x, source }] = samples([1]) as [Sample]
    if (layer.source) stream.encode([source])
    stream.step(x)
    const kept = (): number[][] => [...leaves(stream.frame.initial), ...leaves(stream.frame.final)].map(([, { value }]) => [...layer.backend.read(value)])
    const before = kept()
    const unusable = [[...x, 0], [], x.map(() => Number.NaN), ...(subject.input === 'tokens' ? [[layer.in.size], [-1], [0.5]] : [])]
    for (const bad of unusable) expect(() => stream.step(bad), JSON.stringify(bad)).toThrow(RecurraError)
    expect(kept()).toEqual(before)
  })
}
