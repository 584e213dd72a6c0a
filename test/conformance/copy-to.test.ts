import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { javascript, webassembly } from '@recurra/backend'
import { ConfigurationError } from '@recurra/tensor'
import {
  attention, batchNorm, copyTo, dense, dropout, embedding, encoderDecoder, exportJavascript, fit, gru, lstm,
  meanSquaredError, observe, quantize, rnn, saveParameters, sequences, sequential, sgd, tokens, Trainer,
} from 'recurra'
import { loadModel, saveModel } from 'recurra/disk'
import { exportOnnx } from 'recurra/onnx'
import { describe, expect, it } from 'vitest'
import { device } from './device.ts'

const here = javascript({ dtype: 'float64' })
const x = [[[1, -1], [0.5, 2], [3, 0]], [[-2, 1], [0, 0], [1, 1]]]
const data = sequences({ x, target: x.map((steps) => steps.map(([a]) => [a!])), batch: 2 })
const layers = () => [lstm(3), batchNorm(), dropout(0.3), dense(1)] as const
const options = { loss: meanSquaredError(), steps: 3, batch: 2, optimizer: sgd({ learningRate: 0.1 }) }

describe('copyTo', () => {
  it('takes parameters, running statistics and random numbers along, from a device and to it', async () => {
    const far = sequential(2, layers(), { backend: device().backend, seed: 3 })
    await fit(far, data, { loss: meanSquaredError(), steps: 5 })
    const near = await copyTo(far, here)
    const back = await copyTo(near, device().backend)
    const [batch] = [{ x: x.flat(2), target: [1, 2, 3, 4, 5, 6] }]
    const losses: number[] = []
    for (const model of [far, near, back]) losses.push(await new Trainer(model, options).stepAsync(batch))
    expect(losses[1]).toBe(losses[0])
    expect(losses[2]).toBe(losses[0])
  })

  it('copies an encoder-decoder, and leaves the model as it is', async () => {
    const model = encoderDecoder({
      source: tokens(5), encoder: [embedding(3), gru(4)],
      target: tokens(6), decoder: [embedding(3), gru(4), attention({ score: 'additive' }), dense(6)],
    }, { backend: here })
    const before = saveParameters(model)
    const copy = await copyTo(model, webassembly())
    expect(copy.backend.name).toBe('webassembly')
    expect([...saveParameters(await copyTo(copy, here), { dtype: 'F32' })]).toEqual(
      [...saveParameters(model, { dtype: 'F32' })])
    expect(saveParameters(model)).toEqual(before)
  })

  it('names what it cannot copy', async () => {
    const model = sequential(2, [rnn(3), dense(1)])
    await expect(copyTo(quantize(model), here)).rejects.toThrow('copyTo: expected a float32 model, got a quantized one')
    await expect(copyTo(model.layers[0]!, here)).rejects.toThrow('copyTo: expected a model of sequential or')
  })

  it('is the way from a device to what reads at once, and saveModel goes it by itself', async () => {
    const far = sequential(2, [rnn(3), dense(1)], { backend: device().backend })
    for (const call of [
      () => saveParameters(far), () => exportOnnx(far), () => exportJavascript(far), () => quantize(far),
      () => observe(far, { x: [1, 2] }),
    ]) {
      expect(call).toThrow(ConfigurationError)
      expect(call).toThrow('Await `copyTo(model, backend())`, and use the copy.')
    }
    const near = await copyTo(far, here)
    expect(observe(near, { x: [1, 2] }).y.shape).toEqual([1, 1])
    const folder = await mkdtemp(join(tmpdir(), 'model-'))
    await saveModel(folder, far)
    expect(saveParameters(await loadModel(folder, { backend: here }))).toEqual(saveParameters(near))
  })
})
