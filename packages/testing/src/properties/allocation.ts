import { Stream } from '@recurra/layers'
import { tensorOver } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { bytesPerCall, canMeasure, onceMore } from '../bytes-per-call.ts'
import { build, hasTime, type Subject } from '../layer/subject.ts'
import type { Sample } from '../sample.ts'
import { Trial } from '../trial.ts'

/** What a garbage collector would notice. */
const limit = 64

/**
 * A warm training step takes no memory (forward, writing the gradient of y as a loss does, backward), nor does a step
 * of a stream.
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
      const stream = new Stream(layer)
      const [{ x, source }] = samples([1]) as [Sample]
      if (layer.source) stream.encode([source])
      const data = Float64Array.from(x)
      const step = tensorOver(data, data.length === 1 ? [1] : [1, data.length])
      expect(await bytesPerCall(() => stream.step(step))).toBeLessThan(limit)
    })
}
