import { namedVariables, Stream } from '@recurra/layers'
import { tensorOver } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { readsAllocate, type MakeBackend } from '../backend/checks.ts'
import { bytesPerCall, canMeasure, onceMore } from '../bytes-per-call.ts'
import { build, hasTime, type Built, type Subject } from '../layer/subject.ts'
import type { Sample } from '../sample.ts'
import { Trial } from '../trial.ts'

/** More bytes per call than measurement noise. */
const limit = 64

/**
 * A warm training step (forward, writing the gradient of y as a loss does, backward) allocates no memory, nor does a
 * step of a stream.
 */
export const describeAllocation = (subject: Subject, make: MakeBackend = subject.backend): void => {
  const built = async (): Promise<Built> => {
    const backend = await make()
    return build({ ...subject, backend: () => backend })
  }

  it.runIf(canMeasure)('a warm training step allocates nothing', onceMore, async ({ skip }) => {
    const { layer, samples } = await built()
    skip(layer.backend.answersLater === true, readsAllocate)
    const { frame } = new Trial(layer, samples([4, 4]))
    const dy = layer.backend.read(frame.y.grad)
    const bytes = await bytesPerCall(() => {
      frame.forward()
      layer.backend.write(frame.y.grad, dy)
      frame.backward()
    })
    expect(bytes).toBeLessThan(limit)
  })

  const { layer: { causal, source } } = build(subject)
  if (hasTime(subject) && causal)
    it.runIf(canMeasure)('a warm step of a stream allocates nothing', onceMore, async ({ skip }) => {
      const { layer, samples } = await built()
      skip(layer.backend.answersLater === true, readsAllocate)
      const streams = [new Stream(layer), new Stream(layer)] as const // in turn: they share a plan
      const [{ x, source: read }] = samples([1]) as [Sample]
      if (layer.source) for (const stream of streams) stream.encode([read])
      const data = Float64Array.from(x)
      const step = tensorOver(data, data.length === 1 ? [1] : [1, data.length])
      const bytes = await bytesPerCall(() => {
        streams[0].push(step)
        streams[1].push(step)
      }, streams.length * limit)
      expect(bytes / streams.length).toBeLessThan(limit)
    })

  it('reads no gradient of a parameter at inference', async () => {
    const { layer, samples } = await built()
    const [one] = samples([2]) as [Sample]
    for (const [name, parameter] of namedVariables(layer.params)) {
      const get = (): never => {
        throw new Error(`the gradient of ${name} was read`)
      }
      Object.defineProperty(parameter, 'grad', { get })
    }
    new Trial(layer, [one], { mode: 'inference' }).forward()
    if (hasTime(subject) && causal && !source) new Stream(layer).push(one.x.slice(0, one.x.length / 2))
  })
}
