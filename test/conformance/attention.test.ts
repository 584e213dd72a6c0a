import {
  attention, dense, embedding, concatSource, layerNorm, stack, tokens, vector, sequence, type Blueprint, type Score,
  type Signal,
} from '@recurra/layers'
import { bidirectional, EncoderDecoder, gru, last, lstm, rnn, type StartName } from '@recurra/rnn'
import { describeLayer } from '@recurra/testing/vitest'
import { fast as backends } from './backends.ts'

/** An encoder-decoder as one layer. */
const model = (
  source: Signal,
  encoder: readonly Blueprint[],
  decoder: readonly Blueprint[],
  start: StartName,
): Blueprint => ({
  type: 'encoderDecoder',
  build: (target, context) => new EncoderDecoder({ source, encoder, target, decoder, start }, context),
})

// The padding of the source goes into the attention as it is, NaN and all.
for (const score of ['additive', 'dot', 'general', 'scaledDot'] satisfies Score[])
  describeLayer(
    `attention ${score}`,
    (size) =>
      model(
        sequence(size),
        [dense(size)],
        [dense(size), attention(score === 'dot' || score === 'general' ? { score } : { score, units: 3 })],
        'zero',
      ),
    { ...(score === 'additive' || score === 'scaledDot' ? { backends } : {}), extremes: [1e4] },
  )

describeLayer('concatSource', (size) => model(vector(size), [dense(size)], [concatSource()], 'zero'), { backends })

const both = (size: number): Blueprint => bidirectional((options) => lstm(size, options))

describeLayer('encoderDecoder, the state handed over', (size) =>
  model(tokens(4), [embedding(size), lstm(size), gru(size)], [lstm(size), gru(size), dense(2)], 'state'),
)
describeLayer(
  'encoderDecoder, the state projected',
  (size) => model(sequence(2), [both(size)], [embedding(2), stack(2, gru(size))], 'state'),
  { input: 'tokens' },
)
describeLayer(
  'encoderDecoder, a first input',
  (size) => model(sequence(2), [gru(size), last()], [embedding(2), rnn(size), dense(2)], 'input'),
  { input: 'tokens', backends },
)
describeLayer('encoderDecoder of a vector', (size) =>
  model(vector(3), [dense(size), layerNorm()], [concatSource(), rnn(size)], 'input'),
)
describeLayer(
  'encoderDecoder with attention, deep',
  (size) => {
    const [first, second] = [attention({ score: 'general' }), attention({ score: 'additive', units: 2 })]
    return model(
      tokens(4),
      [embedding(2), both(size)],
      [embedding(2), gru(size), first, lstm(size), second, dense(2)],
      'state',
    )
  },
  { input: 'tokens' },
)
