import { activation, dense, embedding, layerNorm, oneHot, Sequential, stack, type Blueprint } from '@recurra/layers'
import {
  bidirectional, gru, gruResetBefore, indRnn, last, lastAndMeanPool, lru, lstm, meanPool, mergeDirections, minGru,
  repeat, rnn,
} from '@recurra/rnn'
import { describeLayer } from '@recurra/testing/vitest'
import { fast as backends } from './backends.ts'

/** A model as one layer. */
const model = (...blueprints: Blueprint[]): Blueprint => ({
  type: 'sequential',
  build: (input, context) => new Sequential(input, blueprints, context),
})

for (const [name, cell] of Object.entries({ rnn, lstm, gru, minGru, indRnn }))
  describeLayer(
    `bidirectional ${name}`,
    (size) => bidirectional((options) => cell(size, options)),
    name === 'lstm' ? { backends } : {},
  )
describeLayer('bidirectional lru', (size) => bidirectional((options) => lru(size, options)))

for (const biases of [0, 1] as const)
  for (const cell of [lstm, gru, minGru])
    describeLayer(`${cell.definition.type} with ${biases} biases`, (size) => cell(size, { biases }))

describeLayer('lstm with zoneout', (size) => lstm(size, { zoneout: { h: 0.1, c: 0.5 } }), { draws: true, backends })
describeLayer('lstm with recurrent dropout', (size) => lstm(size, { recurrentDropout: 0.4 }), { draws: true, backends })
describeLayer(
  'gru with zoneout and recurrent dropout',
  (size) => gru(size, { zoneout: { h: 0.3 }, recurrentDropout: 0.4, reverse: true }),
  { draws: true },
)
for (const cell of [rnn, gruResetBefore, minGru])
  describeLayer(`${cell.definition.type} with zoneout`, (size) => cell(size, { zoneout: { h: 0.3 } }), { draws: true })

for (const cell of [lstm, gru])
  describeLayer(`${cell.definition.type} with other functions`, (size) =>
    cell(size, { recurrentActivation: 'hardSigmoid', activation: 'softplus' }), cell === lstm ? { backends } : {})
describeLayer('rnn with another function', (size) => rnn(size, { activation: 'softsign' }))
describeLayer('lstm with the hard sigmoid of Keras 2', (size) =>
  lstm(size, { recurrentActivation: 'hardSigmoidKeras2' }),
)
describeLayer('lstm with projection', (size) => lstm(size + 2, { projection: 2 }), { backends })
describeLayer('rnn with projection, reverse', (size) => rnn(size, { projection: 2, reverse: true }))
describeLayer('lru with projection', (size) => lru(size, { projection: 2 }))
describeLayer(
  'bidirectional lstm with projection and zoneout',
  (size) => bidirectional((options) => lstm(size, { ...options, projection: 2, zoneout: { c: 0.5 } })),
  { draws: true },
)

describeLayer('last', () => last(), { backends })
describeLayer(
  'last of both directions',
  (size) => model(bidirectional((options) => gru(size, options)), last({ bidirectional: true }), dense(2)),
  { backends },
)
describeLayer(
  'last of a reversed layer', (size) => model(gru(size, { reverse: true }), last({ reverse: true }), dense(2)),
  { backends },
)
for (const mode of ['sum', 'mean', 'product'] as const)
  describeLayer(
    `the ${mode} of both directions`,
    (size) => model(bidirectional((options) => lstm(size, options)), mergeDirections(mode)), { backends },
  )
describeLayer('the ends of both directions merged', (size) =>
  model(bidirectional((options) => gru(size, options)), last({ bidirectional: true }), mergeDirections('product')))
describeLayer('meanPool', () => meanPool(), { backends })
describeLayer('lastAndMeanPool', () => lastAndMeanPool())
describeLayer('repeat', () => repeat(3), { input: 'vector', backends })

describeLayer('stack of lstm', (size) => stack(2, lstm(size)), { backends })
describeLayer('tokens to scores', (size) => model(embedding(size), stack(2, gru(size)), layerNorm(), dense(2)), {
  input: 'tokens',
  backends,
})
describeLayer('1-of-k to scores', (size) => model(oneHot(), rnn(size, { biases: 1 }), dense(2)), { input: 'tokens' })
describeLayer(
  '1-of-k both ways',
  (size) => model(oneHot(), bidirectional((options) => lstm(size, options))),
  { input: 'tokens', backends },
)
describeLayer('1-of-k to dense', (size) => model(oneHot(), dense(size)), { input: 'tokens', backends })
describeLayer(
  'sequence to vector',
  (size) => model(bidirectional((options) => gru(size, options)), last(), dense(2)),
  { backends },
)
describeLayer('vector to sequence', (size) => model(dense(size), activation('tanh'), repeat(4), lstm(size)), {
  input: 'vector',
  backends,
})
describeLayer('two directions deep', (size) =>
  model(bidirectional((options) => lstm(size, options)), bidirectional((options) => rnn(size, options))),
)
