import { javascript, type Backend } from '@recurra/backend'
import {
  adam, attention, bidirectional, dense, dropout, embedding, encoderDecoder, fit, gru, layerNorm, lstm,
  oneHot, predict, rnn, sequences, sequential, softmaxCrossEntropy, stack, tokens, Trainer, type Checkpoint, type Layer,
} from 'recurra'
import { deviceUse, webgpu } from 'recurra/webgpu'
import { beforeAll, expect, it } from 'vitest'
import { describeOnGpu } from './adapter.ts'

const words = ['to be', 'or not', 'to be that'].map((word) => [...word].map((letter) => letter.charCodeAt(0) % 7))
const next = sequences({ x: words.map((w) => w.slice(0, -1)), target: words.map((w) => w.slice(1)), batch: 2 })
const pairs = sequences({ source: words, x: words, target: words, batch: 3 })
const loss = softmaxCrossEntropy()
const optimizer = adam({ learningRate: 0.02 })

/** A model for each kind of layer. */
const models = {
  rnn: (backend) => sequential(tokens(7), [embedding(3), rnn(5), dense(7)], { backend, seed: 1 }),
  lstm: (backend) => sequential(tokens(7), [oneHot(), stack(2, lstm(6)), dense(7)], { backend, seed: 1 }),
  gru: (backend) =>
    sequential(tokens(7), [embedding(3), gru(6), layerNorm(), dropout(0.1), dense(7)], { backend, seed: 1 }),
  bidirectional: (backend) =>
    sequential(tokens(7), [embedding(3), bidirectional((options) => gru(4, options)), dense(7)], { backend, seed: 1 }),
} satisfies Readonly<Record<string, (backend: Backend) => Layer>>
const translator = (backend: Backend) =>
  encoderDecoder({
    source: tokens(7), encoder: [embedding(3), gru(4)],
    target: tokens(7), decoder: [embedding(3), gru(4), attention({ score: 'additive' }), dense(7)],
  }, { backend, seed: 1 })

const close = (got: readonly number[], want: readonly number[]): void => {
  expect(got).toHaveLength(want.length)
  got.forEach((value, i) => expect(value).toBeCloseTo(want[i]!, 4))
}

describeOnGpu('a training on webgpu', () => {
  let gpu: Backend
  beforeAll(async () => {
    gpu = await webgpu()
  })

  it.each(Object.entries(models))('has the losses of one in float64: %s', async (_, make) => {
    const losses = async (backend: Backend): Promise<readonly number[]> =>
      (await fit(make(backend), next, { loss, optimizer, steps: 8, clip: { norm: 1 }, seed: 2 })).losses
    close(await losses(gpu), await losses(javascript({ dtype: 'float64' })))
  })

  it('has the losses of one in float64: an encoder-decoder with attention', async () => {
    const losses = async (backend: Backend): Promise<readonly number[]> =>
      (await fit(translator(backend), pairs, { loss, optimizer, steps: 5, seed: 2 })).losses
    close(await losses(gpu), await losses(javascript({ dtype: 'float64' })))
  })

  it('has the same bits in every run, and when it is resumed from a checkpoint', async () => {
    const saved: Checkpoint[] = []
    const store = { save: async (one: Checkpoint) => void saved.push(one) }
    const options = { loss, optimizer, epochs: 4, seed: 2, checkpoints: { store, every: { epochs: 1 } } }
    const [first, second] = [await fit(models.lstm(gpu), next, options), await fit(models.lstm(gpu), next, options)]
    expect(second.losses).toEqual(first.losses)
    const resumed = await fit(models.lstm(gpu), next, { ...options, resume: saved[1]! })
    expect(resumed.losses).toEqual(first.losses)
  })

  it('runs all steps of a layer as one kernel: two LSTM layers over 64 steps take 40 at most', async () => {
    const backend = await webgpu() // in fresh memory, where all parameters are one block
    const model = sequential(tokens(11), [oneHot(), stack(2, lstm(8)), dense(11)], { backend, seed: 1 })
    using trainer = new Trainer(model, { loss, optimizer, clip: { norm: 5 }, steps: 64, batch: 2 })
    const batch = { x: Array.from({ length: 128 }, (_, i) => i % 11), target: Array.from({ length: 128 }, () => 1) }
    await trainer.stepAsync(batch)
    const before = deviceUse(backend)!
    await trainer.stepAsync(batch)
    expect(deviceUse(backend)!.dispatches - before.dispatches).toBeLessThanOrEqual(40)
  })

  it('frees the memory of what is disposed of', async () => {
    const before = deviceUse(gpu)!.bytes
    for (let i = 0; i < 40; i++) {
      using scope = gpu.scope(() => gpu.zeros([1024, 1024])) // 4 MiB
      gpu.write(scope.value, new Float32Array(2 ** 20).fill(i))
    }
    expect(deviceUse(gpu)!.bytes - before).toBeLessThanOrEqual(2 ** 26)
  })

  it('predicts and streams', async () => {
    const [far, near] = [gpu, javascript({ dtype: 'float64' })].map((backend) => models.gru(backend))
    close([...(await predict(far!, words)).data], [...(await predict(near!, words)).data])
    const [slow, fast] = [far!.stream(), near!.stream()]
    for (const token of [1, 2, 3])
      close([...(await gpu.readAsync(slow.step([token])))], [...near!.backend.read(fast.step([token]))])
  })
})
