import { javascript } from '@recurra/backend'
import {
  convolution, dense, maxPool, sequential, transposedConvolution, upSample, type TransposedConvolutionOptions,
} from '@recurra/layers'
import { gru, lstm } from '@recurra/rnn'
import { toNested } from '@recurra/tensor'
import { describeLayer } from '@recurra/testing/vitest'
import { describe, expect, it } from 'vitest'
import { fast as backends } from './backends.ts'

const of = (options: TransposedConvolutionOptions) => (size: number) => transposedConvolution(size, options)

describeLayer('upSample', () => upSample(3), { backends })
describeLayer('transposed convolution that keeps all outputs', of({ kernel: 5, stride: 2 }), { backends })
describeLayer('causal transposed convolution', of({ kernel: 5, stride: 2, padding: 'causal' }), { backends })
describeLayer('causal transposed convolution of one step each', of({ kernel: 3, padding: 'causal' }))
describeLayer('transposed convolution without overlap', of({ kernel: 3, stride: 3, bias: false }), { backends })
describeLayer('transposed convolution, cut off on both sides', of({ kernel: 4, stride: 2, padding: 1 }))

const backend = javascript({ dtype: 'float64' })
const models = {
  'between fewer steps and as many': () => [
    convolution(4, { kernel: 4, stride: 4 }), lstm(3),
    transposedConvolution(3, { kernel: 8, stride: 4, padding: 'causal' }), gru(3), dense(2),
  ],
  'twice, with recurrent layers behind': () => [upSample(2), gru(3), upSample(3), lstm(2), convolution(2, {
    kernel: 3, padding: 'causal',
  })],
}

describe.each(Object.entries(models))('more steps, %s', (_, layers) => {
  const model = sequential(2, layers() as never, { backend })
  const x = Array.from({ length: 9 }, (_, t) => [Math.sin(t), Math.cos(3 * t)])

  it('are the same in a stream, and in sessions', async () => {
    const frame = model.plan({ value: backend.zeros([9, 1, 2]), grad: backend.zeros([0]) }, {
      steps: 9, batch: 1, mode: 'inference',
    })
    backend.write(frame.x.value, x.flat())
    frame.forward()
    const whole = [...backend.read(frame.y.value)]
    const [stream, sessions] = [model.stream(), await model.sessions()]
    const session = sessions.open()
    const [streamed, served]: [number[], number[]] = [[], []]
    for (const one of x) {
      const y = stream.push(one)
      streamed.push(...(y ? (toNested(y) as number[][][]).flat(2) : []))
      served.push(...((await session.push(one)) ?? []))
    }
    expect(served).toEqual(streamed)
    expect(streamed.length).toBeGreaterThan(whole.length - 8)
    streamed.forEach((value, i) => expect(Math.abs(value - whole[i]!)).toBeLessThan(1e-12))
    await sessions.close()
  })
})

it('gives a row of steps for each sequence of a batch', () => {
  const stream = sequential(1, [upSample(2)], { backend }).stream({ batch: 2 })
  expect(toNested(stream.push([[1], [2]])!)).toEqual([[[1], [1]], [[2], [2]]])
  expect(() => stream.step([[1], [2]])).toThrow('Call push')
})

it('is streamed before no stride, and stands in no residual', () => {
  expect(() => sequential(1, [upSample(2), maxPool({ kernel: 2 })]).stream()).toThrow('upsample after every stride')
  expect(() => transposedConvolution(1, { kernel: 2, stride: 3 })).toThrow('a kernel of at least the stride, 3')
  const frame = (): unknown => sequential(1, [transposedConvolution(1, { kernel: 2, padding: 3 })], { backend })
    .plan({ value: backend.zeros([2, 1, 1]), grad: backend.zeros([0]) }, { steps: 2, batch: 1, mode: 'inference' })
  expect(frame).toThrow('more than 6 outputs, which the padding cuts off, got 3')
})
