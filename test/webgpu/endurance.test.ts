import { adam, dense, lstm, oneHot, sequential, softmaxCrossEntropy, stack, tokens, Trainer } from 'recurra'
import { deviceUse, webgpu } from 'recurra/webgpu'
import { expect, it } from 'vitest'
import { describeOnGpu } from './adapter.ts'
import { watchedDevice } from './watched-device.ts'

const { gc } = globalThis as { readonly gc?: () => void }
const { memory } = performance as { readonly memory?: { readonly usedJSHeapSize: number } }

/** Bytes of the heap, after what is garbage is gone. */
const heap = async (): Promise<number> => {
  for (let i = 0; i < 3; i++) {
    gc!()
    await new Promise((resolve) => setTimeout(resolve))
  }
  return memory!.usedJSHeapSize
}

describeOnGpu('training on webgpu', () => {
  it.each([60, 1000])('takes no more of anything in %d steps', async (steps) => {
    const { gpu, made } = watchedDevice()
    const backend = await webgpu({ gpu })
    const model = sequential(tokens(7), [oneHot(), stack(2, lstm(4)), dense(7)], { backend, seed: 1 })
    using trainer = new Trainer(model, {
      loss: softmaxCrossEntropy(), optimizer: adam(), clip: { norm: 1 }, steps: 4, batch: 2, carry: true,
    })
    const batch = { x: [1, 2, 3, 4, 5, 6, 0, 1], target: [2, 3, 4, 5, 6, 0, 1, 2] }
    const train = async (steps: number): Promise<void> => {
      for (let i = 0; i < steps; i++) await trainer.stepAsync(batch)
    }
    await train(steps / 4)
    const [use, objects, bytes] = [deviceUse(backend)!, { ...made }, await heap()]
    await train(steps - steps / 4)
    const after = deviceUse(backend)!
    expect(made).toEqual(objects)
    expect(after.bytes).toBe(use.bytes)
    expect(after.submissions - use.submissions).toBe(steps - steps / 4)
    expect((await heap()) - bytes).toBeLessThan(2 ** 18)
  })
})
