import { javascript } from '@recurra/backend'
import {
  dense, sequence, sequential, Stream, wireFor, type Blueprint, type Frame, type Layer, type Variable,
} from '@recurra/layers'
import { ConfigurationError, Random } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { cell, gruResetBefore, lstm, minGru, rnn } from './index.ts'

const backend = javascript({ dtype: 'float64' })
const [steps, batch, units] = [6, 2, 50]
const build = (blueprint: Blueprint): Layer => blueprint.build(sequence(2), { backend, random: new Random(1) })
const read = ({ value }: Variable): number[] => [...backend.read(value)]
/** A frame whose input and initial state are the same for every layer. */
const plan = (layer: Layer, mode: 'training' | 'inference', length = steps): Frame => {
  const x = wireFor(layer, { steps: length, batch })
  const frame = layer.plan(x, { steps: length, batch, mode })
  const random = new Random(2)
  backend.write(x.value, Array.from({ length: length * batch * 2 }, () => random.uniform(-1, 1)))
  for (const { value } of Object.values(frame.initial as Record<string, Variable>))
    backend.write(value, Array.from({ length: batch * units }, () => random.uniform(-1, 1)))
  return frame
}
const run = (
  layer: Layer,
  mode: 'training' | 'inference',
  length?: number,
): Record<'initial' | 'final', Record<string, number[]>> => {
  const frame = plan(layer, mode, length)
  frame.forward()
  const slots = (state: Frame['initial']): Record<string, number[]> =>
    Object.fromEntries(Object.entries(state as Record<string, Variable>).map(([name, slot]) => [name, read(slot)]))
  return { initial: slots(frame.initial), final: slots(frame.final) }
}

describe('zoneout', () => {
  const plain = run(build(lstm(units)), 'inference', 1)
  const rates = { h: 0.2, c: 0.5 } as const
  const zoned = build(lstm(units, { zoneout: rates }))

  it('keeps the state of its share of the units in training, and leaves the others alone', () => {
    const { initial, final } = run(zoned, 'training', 1)
    for (const [slot, rate] of Object.entries(rates)) {
      const kept = final[slot]!.filter((value, i) => value === initial[slot]![i])
      const stepped = final[slot]!.filter((value, i) => value === plain.final[slot]![i])
      expect(kept.length + stepped.length).toBe(batch * units)
      expect(Math.abs(kept.length / (batch * units) - rate)).toBeLessThan(0.15)
    }
  })

  it('redraws at every step and every pass', () => {
    const layer = build(rnn(units, { zoneout: { h: 0.5 } }))
    const frame = plan(layer, 'training')
    frame.forward()
    const first = read(frame.y)
    const still = (t: number): string =>
      Array.from({ length: batch * units }, (_, i) =>
        Number(first[t * batch * units + i] === first[(t - 1) * batch * units + i]),
      ).join('')
    expect(still(1)).not.toEqual(still(2))
    frame.forward()
    expect(read(frame.y)).not.toEqual(first)
  })

  it('gives the expected state at inference, step by step as well', () => {
    const { initial, final } = run(zoned, 'inference', 1)
    for (const [slot, rate] of Object.entries(rates))
      final[slot]!.forEach((value, i) =>
        expect(value).toBeCloseTo(rate * initial[slot]![i]! + (1 - rate) * plain.final[slot]![i]!, 14),
      )
    const [stream, twin] = [new Stream(zoned), new Stream(zoned)]
    for (const x of [[1, 2], [3, 4]]) expect([...backend.read(stream.step(x))]).toEqual([...backend.read(twin.step(x))])
  })
})

describe('recurrent dropout', () => {
  // h' = h·U with U = 1: what is dropped stays dropped, and the others double at each step.
  const echo = cell('echo', { gates: ['a'], state: ['h'] }, ({ gate }) => ({ h: gate.a }))
  const layer = build(
    echo(units, { recurrentDropout: 0.5, biases: 0, initializers: { weight: 0, recurrentWeight: 'identity' } }),
  )

  it('hides the same units at every step of a sequence, others in other sequences and passes', () => {
    const frame = plan(layer, 'training')
    const kept = (): string => {
      frame.forward()
      const [h, y] = [read((frame.initial as Record<string, Variable>)['h']!), read(frame.y)]
      const share = h.map((value, i) => y[i]! / value)
      expect(share.every((ratio) => ratio === 0 || Math.abs(ratio - 2) < 1e-12)).toBe(true)
      y.forEach((value, i) =>
        expect(value).toBeCloseTo(h[i % h.length]! * share[i % h.length]! ** (1 + Math.floor(i / h.length)), 10),
      )
      return share.map(Math.sign).join('')
    }
    const first = kept()
    expect(first.slice(0, units)).not.toEqual(first.slice(units))
    expect(kept()).not.toEqual(first)
  })

  it('does nothing at inference', () => {
    const { initial, final } = run(layer, 'inference')
    expect(final).toEqual(initial)
  })

  it('is refused where no weights multiply h', () => {
    for (const blueprint of [minGru, gruResetBefore])
      expect(() => build(blueprint(2, { recurrentDropout: 0.5 }))).toThrow(/cell whose recurrent weights multiply h/)
  })
})

it('options are plain data; rates and slots that are none are refused', () => {
  const options = { zoneout: { h: 0.1 }, recurrentDropout: 0.2 } as const
  expect(JSON.parse(JSON.stringify(lstm(2, options)))).toEqual({ type: 'lstm', options: { size: 2, ...options } })
  expect(sequential(2, [lstm(2, options), dense(1)]).stream().step([1, 2]).shape).toEqual([1, 1])
  for (const bad of [
    { zoneout: { h: 1.5 } },
    { zoneout: { h: Number.NaN } },
    { zoneout: { q: 0.1 } as {} },
    { recurrentDropout: 1 },
    { recurrentDropout: -0.1 },
  ])
    expect(() => build(lstm(2, bad))).toThrow(ConfigurationError)
})
