import { javascript } from '@recurra/backend'
import { dense, namedVariables, sequential, type Layer } from '@recurra/layers'
import { rnn } from '@recurra/rnn'
import { describe, expect, it } from 'vitest'
import { fit, meanSquaredError, prefetch, type Batch, type Data } from '../index.ts'

const made = () => sequential(1, [rnn(2), dense(1)], { backend: javascript({ dtype: 'float64' }) })
const loss = meanSquaredError()
const batches: readonly Batch[] = [1, 2, 3].map((i) => ({ x: [i, -i], target: [0.1 * i, 0] }))
const data: Data = { steps: 2, batch: 1, batches: 3, padded: false, carry: false, epoch: () => batches }
const weights = (model: Layer): number[] =>
  namedVariables(model.params).flatMap(([, { value }]) => [...model.backend.read(value)])
async function* stream(from: Iterable<Batch> = batches): AsyncGenerator<Batch> {
  for (const batch of from) {
    await new Promise((resolve) => setTimeout(resolve, 1))
    yield batch
  }
}

describe('fit with streams', () => {
  it('trains as from memory, with or without reading ahead, with a known or unknown number of batches', async () => {
    const [model, epochs] = [made(), 3]
    const { losses, validation } = await fit(model, data, { loss, epochs, validation: data })
    for (const epoch of [() => stream(), () => prefetch(stream())])
      for (const count of [3, Infinity]) {
        const other = made()
        const history = await fit(
          other,
          { ...data, batches: count, epoch },
          { loss, epochs, validation: { ...data, epoch } },
        )
        expect(history).toMatchObject({ losses, validation, epochs, aborted: false })
        expect(weights(other)).toEqual(weights(model))
      }
  })

  it('may be given new memory for a batch while the step before is told', async () => {
    const one = { x: new Float64Array(2), target: new Float64Array(2) }
    function* reused(): Iterable<Batch> {
      for (const { x, target } of batches) {
        one.x.set(x)
        one.target.set(target)
        yield one
      }
    }
    const [model, other] = [made(), made()]
    await fit(model, data, { loss, epochs: 2 })
    await fit(other, { ...data, epoch: reused }, { loss, epochs: 2 })
    expect(weights(other)).toEqual(weights(model))
  })

  it('tells of every step before an error of the source, and closes what it leaves', async () => {
    let closed = 0
    async function* failing(fails: boolean): AsyncGenerator<Batch> {
      try {
        yield* stream()
        if (fails) throw new Error('unreadable')
      } finally {
        closed++
      }
    }
    const steps: number[] = []
    const onProgress = ({ step }: { step: number }): void => void steps.push(step)
    await expect(
      fit(made(), { ...data, batches: Infinity, epoch: () => failing(true) }, { loss, epochs: 2, onProgress }),
    ).rejects.toThrow('unreadable')
    expect(steps).toEqual([1, 2, 3])
    await fit(made(), { ...data, epoch: () => failing(false) }, { loss, steps: 2, onProgress })
    expect(closed).toBe(2)
  })

  it('ends when the signal comes, though the next batch does not', async () => {
    const controller = new AbortController()
    async function* stuck(): AsyncGenerator<Batch> {
      yield* stream()
      setTimeout(() => controller.abort(), 10)
      await new Promise(() => {})
    }
    const history = await fit(made(), { ...data, batches: Infinity, epoch: stuck }, { loss, signal: controller.signal })
    expect(history).toMatchObject({ aborted: true })
    expect(history.losses).toHaveLength(3)
  })

  it('says when a stream was used up by the epoch before', async () => {
    const once = stream()
    await expect(fit(made(), { ...data, epoch: () => once }, { loss, epochs: 2 })).rejects.toThrow(
      /data: expected at least one batch, got epoch 2 without any\. .*a new one for each epoch/,
    )
  })
})
