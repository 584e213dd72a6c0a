import { namedVariables, Stream, type StreamState } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { faults } from '../faults.ts'
import { build, hasTime, type Subject } from '../layer/subject.ts'
import type { Sample } from '../sample.ts'
import { Trial } from '../trial.ts'

/** Single steps give the same result as the whole sequence; a layer that needs future steps refuses to stream. */
export const describeStreaming = (subject: Subject): void => {
  if (!hasTime(subject)) return
  const steps = 5
  if (!build(subject).layer.causal)
    return void it('refuses to be streamed', () => {
      expect(() => new Stream(build(subject).layer)).toThrow(ConfigurationError)
    })

  for (const batch of [1, 3])
    it(`step by step equals the whole sequence, batch ${batch}`, () => {
      const { layer, samples } = build(subject)
      const all = samples(Array.from({ length: batch }, () => steps))
      const whole = new Trial(layer, all, { mode: 'inference' })
      whole.forward()
      const stream = new Stream(layer, { batch, sourceSteps: 3 })
      if (layer.source) stream.encode(all.map(({ source }) => source))
      else
        namedVariables(stream.frame.initial).forEach(([, { value }], slot) =>
          layer.backend.write(value, all.flatMap(({ initial }) => initial[slot]!)),
        )
      const other = new Stream(layer, { batch, sourceSteps: 3 }) // which runs other steps in between
      if (layer.source) other.encode(all.map(() => all[0]!.source))
      const width = all[0]!.x.length / steps
      const y = all.map((): number[] => [])
      for (let t = 0; t < steps; t++) {
        const x = all.flatMap((sample) => sample.x.slice(t * width, (t + 1) * width))
        const given = stream.push(x)
        other.push(all.flatMap(() => all[0]!.x.slice(0, width)))
        if (!given) continue // of a layer with a stride, between two outputs
        const out = layer.backend.read(given)
        // A layer with one output vector for the whole sequence gives it after the last step.
        y.forEach((values, b) =>
          values.splice(
            layer.out.kind === 'vector' ? 0 : values.length,
            Infinity,
            ...out.subarray((b * out.length) / batch, ((b + 1) * out.length) / batch),
          ),
        )
      }
      const final = namedVariables(layer.source ? {} : stream.frame.final).map(
        ([name, { value }]) => [`final.${name}`, layer.backend.read(value)] as const,
      )
      all.forEach((_, b) => {
        const state = final.map(
          ([name, values]) =>
            [name, [...values.subarray((b * values.length) / batch, ((b + 1) * values.length) / batch)]] as const,
        )
        expect(faults({ y: y[b]!, ...Object.fromEntries(state) }, whole.sample(b), 1e-12, `sample ${b}: `)).toEqual([])
      })
    })

  it('continues from a saved state with the same bits', () => {
    const { layer, samples } = build(subject)
    const [one, two] = samples([steps, steps]) as [Sample, Sample]
    const [stream, other] = [new Stream(layer, { batch: 2 }), new Stream(layer, { batch: 2 })]
    const width = one.x.length / steps
    const run = (on: Stream, from: number): number[][] =>
      Array.from({ length: steps - from }, (_, t) => {
        const x = [one, two].flatMap((sample) => sample.x.slice((from + t) * width, (from + t + 1) * width))
        const y = on.push(x)
        return y ? Array.from(layer.backend.read(y)) : []
      })
    if (layer.source) {
      stream.encode([one.source, two.source])
      other.encode([two.source]) // which is replaced
    }
    run(other, 0)
    run(stream, 3)
    const saved: StreamState = JSON.parse(JSON.stringify(stream.save()))
    const expected = run(stream, 1)
    for (const later of [other, stream]) {
      later.restore(saved)
      expect(run(later, 1)).toEqual(expected)
    }
  })

  it('starts over after reset', () => {
    const { layer, samples } = build(subject)
    const [{ x, source }] = samples([steps]) as [Sample]
    const width = x.length / steps
    const stream = new Stream(layer)
    if (layer.source) stream.encode([source])
    const run = (): number[] => Array.from({ length: steps }, (_, t) => {
      const y = stream.push(x.slice(t * width, (t + 1) * width))
      return y ? Array.from(layer.backend.read(y)) : []
    }).flat()
    const first = run()
    stream.reset()
    expect(run()).toEqual(first)
  })
}
