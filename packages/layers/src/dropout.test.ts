import { javascript } from '@recurra/backend'
import { ConfigurationError, Random, type Tensor } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { dropout, sequence, wireFor, type Frame, type Layer } from './index.ts'

const backend = javascript()
const [steps, batch, features] = [50, 4, 50]
const build = (rate: number, seed = 1): Layer =>
  dropout(rate).build(sequence(features), { backend, random: new Random(seed) })

const plan = (layer: Layer, mode: 'training' | 'inference'): Frame => {
  const x = wireFor(layer, { steps, batch }, true)
  backend.write(x.value, Array.from({ length: steps * batch * features }, () => 1))
  return layer.plan(x, { steps, batch, mode })
}
const outputOf = (frame: Frame): number[] => {
  frame.forward()
  return [...backend.read(frame.y.value)]
}

describe('dropout', () => {
  it('drops its share, and scales the others so that the mean stays', () => {
    const layer = build(0.25)
    const y = outputOf(plan(layer, 'training'))
    expect(new Set(y)).toEqual(new Set([0, Math.fround(1 / 0.75)]))
    expect(Math.abs(y.filter((value) => value === 0).length / y.length - 0.25)).toBeLessThan(0.02)
  })

  it('redraws at every forward pass, the same for the same seed', () => {
    const [layer, twin, other] = [build(0.5), build(0.5), build(0.5, 2)]
    const [frame, frameOfTwin] = [plan(layer, 'training'), plan(twin, 'training')]
    const first = outputOf(frame)
    expect(outputOf(frame)).not.toEqual(first)
    expect(outputOf(frameOfTwin)).toEqual(first)
    expect(outputOf(plan(other, 'training'))).not.toEqual(first)
  })

  it('lets back only what it let through', () => {
    const layer = build(0.5)
    const frame = plan(layer, 'training')
    const y = outputOf(frame)
    backend.write(frame.y.grad, y.map(() => 3))
    frame.backward()
    expect([...backend.read(frame.x.grad)]).toEqual(y.map((value) => 3 * value))
  })

  it('does nothing at inference, and nothing at rate 0', () => {
    const layer = build(0.5)
    expect(outputOf(plan(layer, 'inference')).every((value) => value === 1)).toBe(true)
    const idle = build(0)
    expect(outputOf(plan(idle, 'training')).every((value) => value === 1)).toBe(true)
  })

  it('drops the same features of a sequence at every step, where it is variational', () => {
    const layer = dropout(0.5, { variational: true }).build(sequence(features), { backend, random: new Random(1) })
    const frame = plan(layer, 'training')
    const [first, second] = [outputOf(frame), outputOf(frame)]
    const step = (y: readonly number[], t: number): readonly number[] =>
      y.slice(t * batch * features, (t + 1) * batch * features)
    for (let t = 1; t < steps; t++) expect(step(first, t)).toEqual(step(first, 0))
    expect(Math.abs(step(first, 0).filter((value) => value === 0).length - 100)).toBeLessThan(30)
    // each sequence its own
    expect(step(first, 0).slice(0, features)).not.toEqual(step(first, 0).slice(features, 2 * features))
    expect(second).not.toEqual(first)
    expect(outputOf(plan(layer, 'inference')).every((value) => value === 1)).toBe(true)
  })

  it('drops whatever is there, even NaN', () => {
    const layer = build(0.5)
    const frame = plan(layer, 'training')
    backend.write(frame.x.value as Tensor, Array.from({ length: steps * batch * features }, () => Number.NaN))
    expect(outputOf(frame).some((value) => value === 0)).toBe(true)
  })

  it('refuses a rate that is no share', () => {
    for (const rate of [-0.1, 1, Number.NaN, '0.5' as never, null as never])
      expect(() => dropout(rate)).toThrow(ConfigurationError)
  })
})
