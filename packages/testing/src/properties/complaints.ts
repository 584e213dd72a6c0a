import {
  namedVariables, Lengths, sequence, sourceFor, Stream, tokens, vector, wireFor, type CallShape,
} from '@recurra/layers'
import { ConfigurationError, Random, RecurraError, ShapeError, ValueError } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { build, hasTime, type Subject } from '../layer/subject.ts'
import type { Sample } from '../sample.ts'
import { Trial } from '../trial.ts'

const kinds = [sequence, tokens, vector] as const

/** Invalid input is rejected with an error that says what to do, and nothing has changed. */
export const describeComplaints = (subject: Subject): void => {
  it('refuses an input of another kind', () => {
    const context = { backend: subject.backend(), random: new Random(1) }
    const blueprint = subject.make(3)
    const others = kinds.map((kind) => kind(3)).filter(({ kind }) => kind !== subject.input)
    const errors = others.flatMap((other): unknown => {
      try {
        blueprint.build(other, context)
        return []
      } catch (error) {
        return [error]
      }
    })
    expect(errors).not.toEqual([])
    for (const error of errors) {
      expect(error).toBeInstanceOf(RecurraError)
      expect((error as Error).message).toMatch(/expected .+, got .+\. .+/)
    }
  })

  it('refuses to go back through a frame planned for inference', () => {
    const { layer, samples } = build(subject)
    const trial = new Trial(layer, samples([2]), { mode: 'inference' })
    trial.forward()
    const before = trial.sample(0)
    expect(() => trial.frame.backward()).toThrow(ConfigurationError)
    expect(trial.sample(0)).toEqual(before)
  })

  it('refuses a plan for nothing, and memory of another size', () => {
    const { layer } = build(subject)
    const sizes = { steps: 3, batch: 2 }
    const plan = (change: object, wired: { readonly steps: number; readonly batch: number } = sizes) => () => {
      const callShape: CallShape = { ...sizes, mode: 'training', ...change }
      const source = sourceFor(layer, { ...sizes, mode: 'training' }, true)
      return layer.plan(wireFor(layer, wired, true), { ...callShape, ...(source && { source }) })
    }
    expect(plan({})).not.toThrow()
    for (const change of [
      { steps: 0 },
      { batch: 0 },
      { steps: '3' },
      { mode: 'train' },
      { length: [1, 1] },
      { lengths: [3, 2] },
    ])
      expect(plan(change), JSON.stringify(change)).toThrow(ConfigurationError)
    expect(plan({}, { steps: 2, batch: 3 }), 'steps and batch exchanged').toThrow(ShapeError)
    expect(plan({ lengths: new Lengths(layer.backend, 4, 2) }), 'lengths for more steps').toThrow(ShapeError)
    expect(plan({ lengths: new Lengths(layer.backend, 2, 3) }), 'lengths of the other order').toThrow(ShapeError)
  })

  if (subject.input === 'tokens')
    it('refuses a token that there is not', () => {
      const { layer, samples } = build(subject)
      const trial = new Trial(layer, samples([2]))
      const { x } = trial.frame
      const read = (token: number) => (): void => {
        layer.backend.write(x.value, [0, token])
        trial.frame.forward()
      }
      for (const token of [-1, layer.in.size, 2 ** 30, 0.5, Number.NaN])
        expect(read(token), String(token)).toThrow(ValueError)
      layer.backend.write(x.value, [0, layer.in.size - 1])
      expect(() => trial.run()).not.toThrow()
    })

  if (hasTime(subject))
    it('refuses lengths beyond the steps, and keeps the old ones', () => {
      const lengths = new Lengths(subject.backend(), 3, 2)
      lengths.set([1, 3])
      const mask = Array.from(lengths.mask.data)
      for (const bad of [[4, 1], [0, 1], [1], [1.5, 1], [Number.NaN, 1]])
        expect(() => lengths.set(bad)).toThrow(RecurraError)
      expect(Array.from(lengths.mask.data)).toEqual(mask)
    })

  if (!build(subject).layer.causal || !hasTime(subject)) return
  it('refuses a step of the wrong size or with unusable numbers, and keeps its state', () => {
    const { layer, samples } = build(subject)
    const stream = new Stream(layer)
    const [{ x, source }] = samples([1]) as [Sample]
    if (layer.source) stream.encode([source])
    stream.push(x)
    const kept = (): number[][] =>
      [...namedVariables(stream.frame.initial), ...namedVariables(stream.frame.final)].map(([, { value }]) => [
        ...layer.backend.read(value),
      ])
    const before = kept()
    const unusable = [
      [...x, 0],
      [],
      x.map(() => Number.NaN),
      ...(subject.input === 'tokens' ? [[layer.in.size], [-1], [0.5]] : []),
    ]
    for (const bad of unusable) expect(() => stream.push(bad), JSON.stringify(bad)).toThrow(RecurraError)
    expect(kept()).toEqual(before)
  })
}
