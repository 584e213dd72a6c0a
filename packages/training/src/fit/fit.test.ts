import { javascript } from '@recurra/backend'
import { dense, embedding, namedVariables, sequential, type Layer } from '@recurra/layers'
import { bidirectional, rnn } from '@recurra/rnn'
import { describe, expect, it, vi } from 'vitest'
import {
  adam, characters, describeProfile, evaluate, fit, linearDecay, perplexity, sgd, softmaxCrossEntropy, training,
  type Checkpoint, type Data, type Progress,
} from '../index.ts'

const text = characters('the quick brown fox jumps over the lazy dog. '.repeat(8))
const made = () =>
  sequential(text.tokens, [embedding(4), rnn(8), dense(text.size)], { backend: javascript({ dtype: 'float64' }) })
const data = text.windows({ steps: 8, batch: 4 })
const loss = softmaxCrossEntropy()
const weights = (model: Layer): number[] =>
  namedVariables(model.params).flatMap(([, { value }]) => [...model.backend.read(value)])

describe('fit', () => {
  it('learns, and says how it went', async () => {
    const model = made()
    const { loss: before } = await evaluate(model, data, { loss })
    const history = await fit(model, data, {
      loss,
      optimizer: adam({ learningRate: 1e-2 }),
      clip: { norm: 5 },
      epochs: 6,
      validation: data,
    })
    expect(history.losses).toHaveLength(6 * data.batches)
    expect(history.epochs).toBe(6)
    expect([history.aborted, history.diverged]).toEqual([false, false])
    expect(history.validation.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6].map((epoch) => epoch * data.batches))
    expect(history.validation.at(-1)!.loss).toBeLessThan(before - 0.5)
    expect((await evaluate(model, data, { loss })).loss).toBe(history.validation.at(-1)!.loss)
  })

  it('says that a training diverged, which is no error: with a learning rate of 10 it may still recover', async () => {
    const trained = async (learningRate: number, steps: number) =>
      (await fit(made(), data, { loss, optimizer: adam({ learningRate }), steps })).diverged
    expect(await trained(1e6, 30)).toBe(true)
    expect(await trained(1e-2, 30)).toBe(false)
    expect(await trained(1e6, 9)).toBe(false) // too few steps to tell
  })

  it('measures the validation loss after each epoch and at the end', async () => {
    const { validation } = await fit(made(), data, { loss, steps: data.batches + 2, validation: data })
    expect(validation.map(({ step }) => step)).toEqual([data.batches, data.batches + 2])
  })

  it('lasts one epoch unless told otherwise, or until the first limit', async () => {
    expect((await fit(made(), data, { loss })).losses).toHaveLength(data.batches)
    expect((await fit(made(), data, { loss, steps: 3 })).losses).toHaveLength(3)
    expect((await fit(made(), data, { loss, steps: 3, epochs: 5 })).losses).toHaveLength(3)
    expect((await fit(made(), data, { loss, steps: data.batches + 2 })).losses).toHaveLength(data.batches + 2)
    const { seconds, losses } = await fit(made(), data, { loss, seconds: 0.5 })
    expect(seconds).toBeGreaterThanOrEqual(0.5)
    expect(losses.length).toBeGreaterThan(1)
  })

  it('same seed, same bits; another seed, another order', async () => {
    const run = async (seed: number): Promise<number[]> => {
      const model = made()
      await fit(model, data, { loss, seed, epochs: 2 })
      return weights(model)
    }
    const first = await run(3)
    expect(await run(3)).toEqual(first)
    expect(await run(4)).not.toEqual(first)
  })

  it('follows a schedule over the whole training', async () => {
    const rates: number[] = []
    await fit(made(), data, {
      loss,
      optimizer: sgd({ learningRate: linearDecay(1) }),
      steps: 5,
      onProgress: ({ learningRate }) => void rates.push(learningRate),
    })
    expect(rates).toEqual([1, 0.8, 0.6, 0.4, 0.2].map((learningRate) => expect.closeTo(learningRate)))
  })

  it('tells how training stands', async () => {
    const seen: Progress[] = []
    await fit(made(), data, { loss, epochs: 2, onProgress: (progress) => void seen.push(progress) })
    const last = seen.at(-1)!
    expect(seen.map(({ step }) => step)).toEqual(seen.map((_, i) => i + 1))
    expect(last).toMatchObject({ epoch: 2, done: 1, left: 0, learningRate: 1e-3 })
    expect(last.itemsPerSecond).toBeGreaterThan(0)
    expect(last.gradientNorm).toBeGreaterThan(0)
    expect(seen[0]!.loss).toBeCloseTo(seen[0]!.stepLoss, 12)
    expect(last.loss).toBeGreaterThan(Math.min(...seen.map(({ stepLoss }) => stepLoss)))
  })

  it('ends after the step in which the signal comes, and gives way so that it can', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 100)
    const history = await fit(made(), data, { loss, seconds: 30, signal: controller.signal })
    expect(history.aborted).toBe(true)
    expect(history.seconds).toBeLessThan(5)
    expect((await fit(made(), data, { loss, signal: AbortSignal.abort() })).losses).toEqual([])
  })

  it('finds out where the time of a step goes', async () => {
    const history = await fit(made(), data, { loss, steps: 20, profile: true })
    const { matmul, formulas, moves, rest } = history.profile!
    expect(Math.min(matmul, formulas, moves, rest)).toBeGreaterThan(0)
    expect(matmul + formulas + moves + rest).toBeLessThan((1000 * history.seconds) / 20)
    expect(describeProfile(history.profile!)).toMatch(/^(\w+ +[\d.]+ ms +[\d.]+ %\n?){4}$/)
    expect((await fit(made(), data, { loss, steps: 1 })).profile).toBeUndefined()
  })

  it('measures metrics on the validation data, and tells them', async () => {
    const told: (number | undefined)[] = []
    const { validation } = await fit(made(), data, {
      loss,
      epochs: 2,
      validation: data,
      metrics: { perplexity: perplexity() },
      onProgress: ({ validationMetrics }) => void told.push(validationMetrics?.perplexity),
    })
    for (const { loss, metrics } of validation) expect(metrics.perplexity).toBeCloseTo(Math.exp(loss), 9)
    expect(told.filter((one) => one !== undefined)).toEqual(validation.map(({ metrics }) => metrics.perplexity))
    await expect(fit(made(), data, { loss, metrics: {} })).rejects.toThrow(/metrics: expected validation data/)
  })

  it('closes the data when a listener throws, and the model can be trained again', async () => {
    const closed: number[] = []
    const watched: Data = {
      ...data,
      async *epoch(random) {
        try {
          yield* data.epoch(random)
        } finally {
          closed.push(closed.length)
        }
      },
    }
    const model = made()
    const freed = vi.fn()
    const { scope } = model.backend
    vi.spyOn(model.backend, 'scope').mockImplementation((...given) => {
      const made = scope.apply(model.backend, given)
      return { ...made, [Symbol.dispose]: () => (freed(), made[Symbol.dispose]()) } as typeof made
    })
    const failing = { loss, onProgress: [() => {}, () => Promise.reject(new RangeError('a listener'))] }
    await expect(fit(model, watched, failing)).rejects.toThrow(new RangeError('a listener'))
    expect(closed).toEqual([0])
    expect(freed).toHaveBeenCalledOnce()
    expect((await fit(model, watched, { loss, steps: 2 })).losses).toHaveLength(2)
    expect(closed).toEqual([0, 1])
  })

  it('refuses limits that are invalid', async () => {
    await expect(fit(made(), data, { loss, epochs: 0 })).rejects.toThrow(/fit: expected epochs to be an integer/)
    await expect(fit(made(), data, { loss, seconds: -1 })).rejects.toThrow(
      /fit: expected seconds to be a finite number above 0/,
    )
    await expect(fit(made(), data, { loss, steps: 1.5 })).rejects.toThrow(/fit: expected steps to be an integer/)
  })
})

describe('training', () => {
  it('ends when the loop is left', async () => {
    const model = made()
    let steps = 0
    for await (const { step } of training(model, data, { loss, epochs: 100 })) if ((steps = step) === 4) break
    expect(steps).toBe(4)
  })

  it('refuses data without a batch, and state carried where the future is read', async () => {
    const empty: Data = { steps: 8, batch: 4, batches: 1, padded: false, carry: false, epoch: () => [] }
    await expect(fit(made(), empty, { loss })).rejects.toThrow(
      /data: expected at least one batch, got epoch 1 without any/,
    )
    const both = sequential(text.tokens, [embedding(4), bidirectional((options) => rnn(4, options)), dense(text.size)])
    await expect(fit(both, text.windows({ steps: 8, batch: 4, carry: true }), { loss })).rejects.toThrow(
      /carry: expected layers that read the past alone/,
    )
  })

  it('carries the state through windows in order, and starts each epoch from zero', async () => {
    const starts: boolean[] = []
    const model = made()
    const ordered = text.windows({ steps: 8, batch: 4, carry: true })
    const { plan } = model
    // The initial state of every forward pass: zero or not.
    const watched = Object.assign(Object.create(model) as typeof model, {
      plan: (...args: Parameters<typeof plan>) => {
        const frame = plan.apply(model, args)
        const forward = (): void => {
          const slots = namedVariables(frame.initial)
        starts.push(slots.every(([, { value }]) => model.backend.read(value).every((v) => v === 0)))
          frame.forward()
        }
        return { ...frame, forward }
      },
    })
    await fit(watched, ordered, { loss, epochs: 2 })
    expect(starts).toEqual(Array.from({ length: 2 * ordered.batches }, (_, i) => i % ordered.batches === 0))
  })

  it('saves a checkpoint when it is aborted before its first step, and resumes to the same weights', async () => {
    const saved: Checkpoint[] = []
    const store = { save: async (checkpoint: Checkpoint) => void saved.push(checkpoint) }
    const options = { loss, steps: 3, seed: 1 }
    await fit(made(), data, { ...options, checkpoints: { store }, signal: AbortSignal.abort() })
    expect(saved.map(({ steps }) => steps)).toEqual([0])
    const [resumed, whole] = [made(), made()]
    await fit(resumed, data, { ...options, resume: saved[0]! })
    await fit(whole, data, options)
    expect(weights(resumed)).toEqual(weights(whole))
  })
})
