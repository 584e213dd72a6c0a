import { sequence, type Blueprint } from '@recurra/layers'
import { EncoderDecoder, gru } from '@recurra/rnn'
import { describeLayer } from '@recurra/testing/vitest'
import { matrixMemory } from './matrix-memory.ts'

const two = (values: number): Blueprint => matrixMemory({ heads: 2, keys: 2, values })

/** An encoder-decoder whose two sides have matrices of the same shape, or others. */
const handing = (keys: number) => (size: number): Blueprint => ({
  type: 'encoderDecoder',
  build: (target, context) =>
    new EncoderDecoder({
      source: sequence(2), encoder: [two(size), gru(2)], target, start: 'state',
      decoder: [matrixMemory({ heads: 2, keys, values: size }), gru(2)],
    }, context),
})
describeLayer('a matrix state handed over', handing(2), { extremes: [10] })
describeLayer('a matrix state projected', handing(3), { extremes: [10] })
