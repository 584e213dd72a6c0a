import { backend, javascript } from '@recurra/backend'
import type { Sequence } from '@recurra/layers'
import { flatValues, Random } from '@recurra/tensor'
import {
  convolution, dense, gru, gruResetBefore, layerNorm, lstm, predict,
  quantize, residual, rnn, sequential, stack, transposedConvolution, type Blueprint,
} from 'recurra'
import { describe, expect, it } from 'vitest'

const random = new Random(5)
const sequences = Array.from({ length: 3 }, () =>
  Array.from({ length: 9 }, () => Array.from({ length: 3 }, () => random.normal())))

const layers: { readonly [name: string]: Blueprint<Sequence, Sequence> } = {
  rnn: rnn(5), lstm: stack(2, lstm(5)), gru: gru(5), gruResetBefore: gruResetBefore(5),
  'causal convolution': convolution(5, { kernel: 3, padding: 'causal' }),
  'convolution without padding': convolution(5, { kernel: 3 }),
  'convolution with gaps': convolution(5, { kernel: 3, dilation: 2, padding: 'causal' }),
  'convolution in groups': convolution(6, { kernel: 2, groups: 3, padding: 'causal' }),
  'convolution with a stride': convolution(5, { kernel: 3, stride: 2, padding: 'causal' }),
  'transposed convolution': transposedConvolution(4, { kernel: 4, stride: 2, padding: 'causal' }),
  'residual block': residual([layerNorm(), convolution(3, { kernel: 2, padding: 'causal' })]) as never,
}

/** Each row is rounded by its own scale, so it must be the same row in every call. */
describe.each([backend, javascript])('a quantized model on $name gives in a stream what predict gives', (make) => {
  const on = make()
  it.each(Object.entries(layers))('%s', async (_, layer) => {
    const model = quantize(sequential(3, [layer, dense(2)], { backend: on, seed: 3 }))
    expect(model.quantization.int8.length).toBeGreaterThan(1)
    const streamed = sequences.map((steps) => {
      const stream = model.stream()
      return steps.flatMap((step) => {
        const y = stream.push(step)
        return y ? [...on.read(y)] : []
      })
    })
    expect(flatValues(await predict(model, sequences))).toEqual(streamed.flat())
    for (const [i, one] of sequences.entries()) expect(flatValues(await predict(model, [one]))).toEqual(streamed[i])
  })
})
