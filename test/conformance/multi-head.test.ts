import { javascript } from '@recurra/backend'
import { dense, multiHeadAttention, sequence, type Blueprint, type MultiHeadOptions } from '@recurra/layers'
import { EncoderDecoder } from '@recurra/rnn'
import { ConfigurationError, Random } from '@recurra/tensor'
import { describeLayer } from '@recurra/testing/vitest'
import { describe, expect, it } from 'vitest'
import { fast as backends } from './backends.ts'

const of = (options: MultiHeadOptions) => () => multiHeadAttention(2, options)
const suite = { features: 4, extremes: [1e2], longest: 60 }

describeLayer('multiHeadAttention', of({ keySize: 3 }), { ...suite, backends })
describeLayer('causal attention', of({ over: 'causal', positions: 'alibi' }), suite)
describeLayer('attention in a window', of({ over: 'causal', window: 3, positions: 'rotary', keySize: 2 }), {
  ...suite, backends,
})
describeLayer('attention in a window, ALiBi', of({ over: 'causal', window: 3, positions: 'alibi' }), suite)
describeLayer('attention to the step alone', of({ over: 'causal', window: 1, bias: false }), suite)

const decoder = (size: number): Blueprint => ({
  type: 'encoderDecoder',
  build: (target, context) => new EncoderDecoder({
    source: sequence(size), encoder: [dense(6)], target, start: 'zero',
    decoder: [dense(4), multiHeadAttention(2, { over: 'source' })],
  }, context),
})
describeLayer('attention over a source', decoder, { extremes: [1e2], longest: 60 })

describe('attention that cannot be', () => {
  const build = (heads: number, options: MultiHeadOptions = {}) => () =>
    multiHeadAttention(heads, options).build(sequence(4), { backend: javascript(), random: new Random(1) })
  it.each<[string, () => unknown, string]>([
    ['heads that do not divide', build(3), 'expected heads that divide 4 features, got 3. Or pass a keySize'],
    ['no heads', build(0), 'the heads of multiHeadAttention'],
    ['a window over all', build(2, { window: 3 }), "expected a window with over: 'causal', got over: 'self'"],
    ['heads of an odd size', build(2, { keySize: 3, positions: 'rotary' }), 'expected heads of an even size'],
    ['no source', build(2, { over: 'source' }), 'expected a source'],
    ['positions of a source', build(2, { over: 'source', positions: 'alibi' }), "positions: 'none' over a source"],
    ['an initializer of nothing', build(2, { bias: false, initializers: { keyBias: 0 } }), 'got keyBias'],
  ])('%s', (_, make, says) => {
    expect(make).toThrow(ConfigurationError)
    expect(make).toThrow(says)
  })
})
