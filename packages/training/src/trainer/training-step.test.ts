import { javascript, type Backend } from '@recurra/backend'
import { dense, sequential } from '@recurra/layers'
import { rnn } from '@recurra/rnn'
import { ConfigurationError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { adam, evaluate, fit, meanSquaredError, NotFiniteError, sequences, Trainer } from '../index.ts'

/** A backend that brings numbers back in its own time, as a device does; `asked` counts how often. */
const later = (): { readonly backend: Backend; readonly asked: () => number } => {
  const machine = javascript({ dtype: 'float64' })
  let asked = 0
  const backend: Backend = {
    ...machine,
    readBack: (from) => {
      const now = machine.readBack(from)
      const values = new Float64Array(now.values.length).fill(Number.NaN)
      return {
        values,
        async run() {
          asked++
          await now.run()
          const read = now.values.slice() // as of when it was asked
          await new Promise((done) => setTimeout(done))
          values.set(read)
        },
      }
    },
  }
  return { backend, asked: () => asked }
}

const layers = () => [rnn(3), dense(1)] as const
const batches = [0.1, 0.4, 0.7].map((x) => ({ x: [x, -x, 0.2, x], target: [x, x / 2, 0, -x] }))
const optimizer = adam({ learningRate: 0.1 })
const options = { loss: meanSquaredError(), optimizer, clip: { norm: 0.1 }, steps: 2, batch: 2 }
const modelOn = (backend: Backend) => sequential(1, layers(), { backend, seed: 1 })

describe('a backend that answers later', () => {
  it('trains to the same bits, and is read once in a step', async () => {
    const { backend, asked } = later()
    const [here, there] = [modelOn(javascript({ dtype: 'float64' })), modelOn(backend)]
    const [now, slow] = [new Trainer(here, options), new Trainer(there, options)]
    for (const batch of batches) {
      const before = asked()
      expect(await slow.stepAsync(batch)).toBe(now.step(batch))
      expect(asked() - before).toBe(1)
      expect(slow.gradientNorm).toBe(now.gradientNorm)
    }
    for (const batch of batches) expect(await slow.addAsync(batch)).toBe(now.add(batch))
    expect(await slow.updateAsync()).toBe(now.update())
    now.add(batches[0]!)
    await slow.addAsync(batches[0]!)
    expect(await slow.stepAsync(batches[1]!)).toBe(now.step(batches[1]!))
  })

  it('is awaited by fit and evaluate', async () => {
    const data = sequences({ x: [[[0.1], [0.2]], [[0.3], [0.1]]], target: [[[0], [1]], [[1], [0]]] })
    const results = await Promise.all([javascript({ dtype: 'float64' }), later().backend].map(async (backend) => {
      const model = modelOn(backend)
      const { losses } = await fit(model, data, { loss: meanSquaredError(), epochs: 3, accumulate: 2, seed: 1 })
      const { loss } = await evaluate(model, data, { loss: meanSquaredError() })
      return [...losses, loss]
    }))
    expect(results[1]).toEqual(results[0])
  })

  it('rejects with the errors of a step, after which nothing has changed', async () => {
    const trainer = new Trainer(modelOn(later().backend), options)
    const huge = { x: [1, 1, 1, 1], target: [1e200, 0, 0, 0] }
    await expect(trainer.stepAsync(huge)).rejects.toBeInstanceOf(NotFiniteError)
    expect(Number.isFinite(await trainer.stepAsync(batches[0]!))).toBe(true)
  })

  it('is refused where nobody can wait', () => {
    const trainer = new Trainer(modelOn(later().backend), options)
    expect(() => trainer.step(batches[0]!)).toThrow(ConfigurationError)
  })
})
