import { javascript } from '@recurra/backend'
import {
  averagePool, convolution, crop, flatten, globalMaxPool, maxPool, pad, sequence, transpose, unflatten, vector,
  type ConvolutionOptions, type PadOptions,
} from '@recurra/layers'
import { ConfigurationError, Random, ShapeError } from '@recurra/tensor'
import { checkGradients } from '@recurra/testing'
import { describeLayer } from '@recurra/testing/vitest'
import { describe, expect, it } from 'vitest'
import { fast as backends } from './backends.ts'

const of = (options: ConvolutionOptions) => (size: number) => convolution(size, options)

describeLayer('causal convolution', of({ kernel: 3, padding: 'causal' }), { backends })
describeLayer('causal convolution with gaps', of({ kernel: 3, dilation: 2, padding: 'causal' }))
describeLayer('causal convolution with a stride', of({ kernel: 3, stride: 2, padding: 'causal' }), { backends })
describeLayer('convolution of one step', of({ kernel: 1 }))
describeLayer('convolution with padding on both sides', of({ kernel: 4, padding: 'same' }), { backends })
describeLayer('convolution with much padding', of({ kernel: 3, padding: 3, stride: 2 }))
describeLayer('depthwise convolution', () => convolution(4, { kernel: 4, padding: 'causal', groups: 4 }), {
  features: 4,
})
describeLayer('convolution in groups', () => convolution(6, { kernel: 2, padding: 'causal', groups: 2, bias: false }), {
  features: 4,
})

for (const pool of [maxPool, averagePool]) {
  describeLayer(`${pool.name}, one step apart`, () => pool({ kernel: 2, stride: 1, padding: 'same' }), { backends })
  describeLayer(`${pool.name} with padding`, () => pool({ kernel: 3, stride: 2, padding: 1 }))
}
describeLayer('globalMaxPool', () => globalMaxPool(), { backends })
describeLayer('averagePool of padding, too', () => averagePool({ kernel: 9, padding: 4, countIncludePad: true }))

/** As many filters as features, whatever their number. */
const depthwise = { kernel: 9, padding: 'causal' } as const
describeLayer('depthwise convolution of any size', () => ({
  type: 'depthwise',
  build: (input, context) => convolution(input.size, { ...depthwise, groups: input.size }).build(input, context),
}), { backends })

const context = { backend: javascript({ dtype: 'float64' }), random: new Random(1) }
const build = (options: ConvolutionOptions, filters = 2, features = 2) =>
  convolution(filters, options).build(sequence(features), context)

it.each<ConvolutionOptions>([
  { kernel: 3 }, { kernel: 2, dilation: 2 }, { kernel: 2, stride: 3 }, { kernel: 3, padding: 'same', stride: 2 },
])('without padding or with a stride, gradients equal differences: %o', (options) => {
  for (const lengths of [[6, 6], ...(options.padding ? [] : [[4, 3, 6]])])
    expect(checkGradients(build(options), { lengths }).error).toBeLessThan(1e-8)
})

it.each<PadOptions>([
  { before: 2, after: 1 }, { before: 2, after: 1, mode: 'reflect' }, { before: 3, after: 2, mode: 'edge' },
])('padding, gradients equal differences: %o', (options) => {
  expect(checkGradients(pad(options).build(sequence(2), context), { lengths: [4, 4] }).error).toBeLessThan(1e-8)
})

it('without some steps, and as one vector and back, gradients equal differences', () => {
  const [lengths, features] = [[4, 4], sequence(2)]
  expect(checkGradients(crop({ before: 1, after: 2 }).build(features, context), { lengths }).error).toBeLessThan(1e-8)
  expect(checkGradients(flatten(4).build(features, context), { lengths }).error).toBeLessThan(1e-8)
  expect(checkGradients(transpose(4).build(features, context), { lengths }).error).toBeLessThan(1e-8)
  expect(checkGradients(unflatten(3).build(vector(6), context), { lengths: [1, 1] }).error).toBeLessThan(1e-8)
})

describe('a convolution that cannot be', () => {
  const plan = (options: ConvolutionOptions, lengths: number[]) => () => checkGradients(build(options), { lengths })
  it.each<[string, () => unknown, string, unknown]>([
    ['no kernel', () => convolution(2, {} as never), 'convolution: expected kernel', ConfigurationError],
    ['another padding', () => convolution(2, { kernel: 2, padding: 'full' as never }),
      "expected padding to be 'valid', 'same', 'causal' or a number of steps, got 'full'", ConfigurationError],
    ['a negative padding', () => convolution(2, { kernel: 2, padding: -1 }), 'got -1', ConfigurationError],
    ['a pool of padding alone', () => maxPool({ kernel: 3, padding: 2 }),
      'at most half the kernel, 1', ConfigurationError],
    ['groups that do not divide', () => build({ kernel: 2, groups: 3 }),
      'expected groups that divide 2 features and 2 filters, got 3', ConfigurationError],
    ['a kernel longer than the sequence', plan({ kernel: 4 }, [3]), 'expected at least 4 steps', ShapeError],
    ['the same with padding', plan({ kernel: 6, padding: 1 }, [3]), 'expected at least 4 steps', ShapeError],
    ['a sequence too short to be mirrored', () => checkGradients(
      pad({ after: 3, mode: 'reflect' }).build(sequence(2), context), { lengths: [3] },
    ), 'expected more than 3 steps to mirror, got 3', ShapeError],
    ['padding of several lengths', () => checkGradients(pad({ after: 3 }).build(sequence(2), context), {
      lengths: [3, 2],
    }), 'expected sequences of one length', ConfigurationError],
    ['windows that depend on the length', plan({ kernel: 2, padding: 'same', stride: 2 }, [3, 4]),
      "expected sequences of one length, since with padding 'same' and a stride", ConfigurationError],
  ])('%s', (_, make, says, kind) => {
    expect(make).toThrow(kind as new () => Error)
    expect(make).toThrow(says)
  })
})
