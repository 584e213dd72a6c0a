import { javascript } from '@recurra/backend'
import {
  activation, branches, convolution, dense, dropout, embedding, gated, pad, residual, rmsNorm, sequence, sequential,
  tokens, vector, type Blueprint, type Signal,
} from '@recurra/layers'
import { bidirectional, gru, last, lstm, meanPool } from '@recurra/rnn'
import { ConfigurationError, Random, ShapeError } from '@recurra/tensor'
import { describeLayer } from '@recurra/testing/vitest'
import { predict } from '@recurra/training'
import { describe, expect, it } from 'vitest'
import { fast as backends } from './backends.ts'

const swiGlu = (size: number): Blueprint => gated([dense(size)], [dense(size), activation('silu')])

describeLayer('rmsNorm', () => rmsNorm(), { features: 5, extremes: [1e4], backends })
describeLayer('rmsNorm that learns nothing', () => rmsNorm({ affine: false }), { features: 5, extremes: [1e4] })
describeLayer('rmsNorm of a vector', () => rmsNorm(), { input: 'vector', features: 5, extremes: [1e4] })

describeLayer('residual', () => residual([rmsNorm(), activation('tanh')]), { extremes: [1e4] })
describeLayer('residual of a vector', () => residual([activation('tanh')]), { input: 'vector' })
describeLayer('residual around recurrent layers', () => residual([lstm(3), gru(2)]))
describeLayer('residual that draws', () => residual([dropout(0.4), gru(2)]), { draws: true })

describeLayer('gated', (size) => swiGlu(size), { extremes: [1e4] })
describeLayer('gated vector', (size) => swiGlu(size), { input: 'vector', extremes: [1e4] })
describeLayer('gated recurrence', (size) => gated([gru(size)], [lstm(size), activation('sigmoid')]))
describeLayer('gated, both ways', (size) =>
  gated([bidirectional((options) => gru(size, options))], [dense(2 * size), activation('tanh')]))

it('a branch may come to its first output late, if padding makes up for it', async () => {
  const late = convolution(1, { kernel: 2 })
  const model = sequential(1, [branches([[pad({ before: 2 }), late, late], []])], { backend: javascript() })
  expect((await predict(model, [[[1], [2], [3]]])).shape).toEqual([1, 3, 2])
})

it('branches with the same stride and the same late first output are streamed as the whole sequence', async () => {
  const model = sequential(2, [branches([
    [convolution(3, { kernel: 3, stride: 2 }), gru(3)],
    [convolution(2, { kernel: 2 }), convolution(3, { kernel: 2, stride: 2 })],
  ], { merge: 'sum' }), lstm(2)], { backend: javascript() })
  const random = new Random(4)
  const x = Array.from({ length: 9 }, () => [random.normal(), random.normal()])
  const whole = await predict(model, [x])
  const stream = model.stream()
  const outputs = x.flatMap((step) => {
    const y = stream.push(step)
    return y ? Array.from(model.backend.read(y)) : []
  })
  expect(whole.shape).toEqual([1, 4, 2])
  outputs.forEach((value, i) => expect(value).toBeCloseTo(Number(whole.data[i]), 6))
  expect(outputs).toHaveLength(8)
})

describe('branches that do not fit', () => {
  const build = (blueprint: Blueprint, input: Signal = sequence(2)) => () =>
    blueprint.build(input, { backend: javascript(), random: new Random(1) })

  it.each<[string, () => unknown, string | RegExp]>([
    ['no layer', () => residual([]), 'residual: expected at least one layer, got none'],
    ['a gate without layers', () => gated([dense(2)], []), 'gated: expected at least one layer, got none'],
    ['no list', () => residual(dense(2) as never), 'residual: expected a list of layers'],
    ['one branch', () => branches([[dense(2)]]), 'branches: expected a list of at least two branches, got 1'],
    ['layers in no list', () => branches([dense(2), dense(2)] as never), 'branches: expected a list of layers'],
    ['another thing', () => branches(dense(2) as never), 'expected a list of at least two branches, got an object'],
    ['a difference of three', () => branches([[], [], []], { merge: 'difference' }), 'two branches for a difference'],
    ['another merge', () => branches([[], []], { merge: 'average' as never }), "expected merge to be one of 'concat'"],
    ['no padding', build(branches([[convolution(2, { kernel: 2 })], []])), 'got the first one after 1 steps'],
    ['a stride', build(branches([[convolution(2, { kernel: 2, stride: 2 })], []])), 'one for every 2 steps'],
    ['strides from different first steps', build(branches([
      [convolution(2, { kernel: 2, stride: 2 })], [convolution(2, { kernel: 2, stride: 2, padding: 'causal' })],
    ])), 'or use branches that all have the same stride'],
    ['strides that may end elsewhere', build(branches([
      [convolution(2, { kernel: 2, stride: 2, padding: 'same' })], [convolution(2, { kernel: 2, stride: 2 })],
    ])), 'one for every 2 steps'],
    ['a layer that is not called', () => gated([dense] as never, [dense(2)]), 'gated: expected layer 0 to be a layer'],
  ])('%s', (_, make, says) => {
    expect(make).toThrow(ConfigurationError)
    expect(make).toThrow(says)
  })

  it.each<[string, () => unknown, string | RegExp]>([
    ['a residual of another size', build(residual([dense(3)])), 'expected layers that return what they read, a seq'],
    ['a residual that ends as a vector', build(residual([last()])), 'got a vector of 2 features. End with dense(2)'],
    ['tokens', build(residual([dense(2)]), tokens(4)), 'residual: expected a sequence or a vector, got tokens'],
    ['tokens that a branch does not embed', build(branches([[embedding(2)], []]), tokens(4)),
      'branch 1: expected a sequence or a vector, got tokens of 4 symbols'],
    ['a gate of another size', build(gated([dense(3)], [dense(2)])), 'gated: expected branches that return the same'],
    ['a branch of another size', build(branches([[dense(3)], []], { merge: 'sum' })), '2 features from branch 1'],
    ['a vector beside a sequence', build(branches([[dense(3)], [last()]])), 'End all with last() or meanPool()'],
    ['more steps', () => build(branches([[pad({ after: 1 })], []]))().plan(
      { value: javascript().zeros([4, 1, 2]), grad: javascript().zeros([0]) },
      { steps: 4, batch: 1, mode: 'inference' },
    ), 'expected an output for each of 4 steps, got 5'],
    ['strides of layers that look ahead', () => {
      const half = convolution(2, { kernel: 3, stride: 2, padding: 'same' })
      return build(branches([[half], [half]]))().plan(
        { value: javascript().zeros([4, 1, 2]), grad: javascript().zeros([0]) },
        { steps: 4, batch: 1, mode: 'inference' },
      )
    }, "got 2. Give a convolution in it padding: 'same' or 'causal', and no stride"],
    ['a gate of another kind', build(gated([dense(3)], [dense(3), meanPool()])), '3 features from branch gate'],
    ['a layer that needs a sequence', build(gated([gru(3)], [gru(3)]), vector(2)), 'layer 1 of Sequential: gru'],
  ])('%s', (_, make, says) => {
    expect(make).toThrow(ShapeError)
    expect(make).toThrow(says)
  })
})
