import { activation, Sequential, type Blueprint } from '@recurra/layers'
import { gatedDeltaNet, linearAttention, mamba2, mLstm } from '@recurra/rnn'
import { describeLayer } from '@recurra/testing/vitest'
import { fast as backends } from './backends.ts'

const options = { heads: 2, chunk: 4 }
// The state multiplies two projections of the input: the square of 1e300 is infinite.
const suite = { extremes: [1e4] }

describeLayer('linearAttention', (size) => linearAttention(2 * size, options), { ...suite, backends })
describeLayer(
  'linearAttention, a decay per head', (size) => linearAttention(2 * size, { ...options, decay: 'head', keys: 2 }),
  { ...suite, backends },
)
describeLayer('linearAttention, fixed', (size) => linearAttention(2 * size, { ...options, decay: 'fixed' }), suite)
describeLayer('mLstm', (size) => mLstm(2 * size, options), { ...suite, backends })
describeLayer('mamba2', (size) => mamba2(2 * size, { ...options, keys: 4 }), { ...suite, backends })
// Where all of a key is nearly 0, its direction turns faster than differences can follow: the input is moved away.
const moved = (layer: Blueprint): Blueprint => ({
  type: 'sequential',
  build: (input, context) => new Sequential(input, [activation((x) => x.add(4)), layer], context),
})
describeLayer('gatedDeltaNet', (size) => moved(gatedDeltaNet(2 * size, options)), { ...suite, backends, seed: 11 })
