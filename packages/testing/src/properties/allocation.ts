import { namedVariables, Stream } from '@recurra/layers'
import { tensorOver } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { bytesPerCall, canMeasure, onceMore } from '../bytes-per-call.ts'
import { build, hasTime, type Subject } from '../layer/subject.ts'
import type { Sample } from '../sample.ts'
import { Trial } from '../trial.ts'

/** More bytes per call than measurement noise. */
const limit = 64

/**
 * A warm training step (forward, writing the gradient of y as a loss does, backward) allocates no memory, nor does a
 * step of a stream.
 */
export const describeAllocation = (subject: Subject): void => {
  it.runIf(canMeasure)('a warm training step allocates nothing', onceMore, async () => {
    const { layer, samples } = build(subject)
    const { frame } = new Trial(layer, samples([4, 4]))
    const dy = layer.backend.read(frame.y.grad)
    const bytes = await bytesPerCall(() => {
      frame.forward()
      layer.backend.write(frame.y.grad, dy)
      frame.backward()
    })
    expect(bytes).toBeLessThan(limit)
  })

  const { layer, samples } = build(subject)
  if (hasTime(subject) && layer.causal)
    it.runIf(canMeasure)('a warm step of a stream allocates nothing', onceMore, async () => {
      const streams = [new Stream(layer), new Stream(layer)] as const // in turn: they share a plan
      const [{ x, source }] = samples([1]) as [Sample]
      if (layer.source) for (const stream of streams) stream.encode([source])
      const data = Float64Array.from(x)
      const step = tensorOver(data, data.length === 1 ? [1] : [1, data.length])
      const bytes = await bytesPerCall(() => {
        streams[0].push(step)
        streams[1].push(step)
      }, streams.length * limit)
      expect(bytes / streams.length).toBeLessThan(limit)
    })

  it('reads no gradient of a parameter at inference', () => {
    const { layer, samples } = build(subject)
    const [one] = samples([2]) as [Sample]
    for (const [name, parameter] of namedVariables(layer.params)) {
      const get = (): never => {
        throw new Error(`the gradient of ${name} was read`)
      }
      Object.defineProperty(parameter, 'grad', { get })
    }
    new Trial(layer, [one], { mode: 'inference' }).forward()
    if (hasTime(subject) && layer.causal && !layer.source) new Stream(layer).push(one.x.slice(0, one.x.length / 2))
  })
}
