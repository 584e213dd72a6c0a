import { expect, it } from 'vitest'
import { bytesPerCall } from '../bytes-per-call.ts'
import { build, type Subject } from '../layer/subject.ts'
import { Trial } from '../trial.ts'

/** A warm training step takes no memory: forward, writing the gradient of y as a loss does, backward. */
export const describeAllocation = (subject: Subject): void =>
  void it('a warm training step allocates nothing', async () => {
    const { layer, samples } = build(subject)
    const { frame } = new Trial(layer, samples([4, 4]))
    const dy = layer.backend.read(frame.y.grad)
    const bytes = await bytesPerCall(() => {
      layer.forward(frame)
      layer.backend.write(frame.y.grad, dy)
      layer.backward(frame)
    })
    expect(bytes).toBeLessThan(64)
  })
