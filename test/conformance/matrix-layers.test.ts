import { javascript } from '@recurra/backend'
import {
  activation, Lengths, namedVariables, oneHot, Sequential, sequence, wireFor, type Blueprint,
} from '@recurra/layers'
import { bidirectional, gatedDeltaNet, linearAttention, mamba2, mLstm, rwkv7, rwkv7ChannelMix } from '@recurra/rnn'
import { Random } from '@recurra/tensor'
import { describeLayer } from '@recurra/testing/vitest'
import { describe, expect, it } from 'vitest'
import { fast as backends } from './backends.ts'

const options = { heads: 2, keys: 3, chunk: 4 } // few keys: a matrix of the widest sizes would take seconds
// The state multiplies two projections of the input: the square of 1e300 is infinite.
const suite = { extremes: [1e4] }

describeLayer('linearAttention', (size) => linearAttention(2 * size, options), { ...suite, backends })
describeLayer(
  'linearAttention, a decay per head', (size) => linearAttention(2 * size, { ...options, decay: 'head' }),
  { ...suite, backends },
)
const turning = { ...options, keys: 4, positions: 'rotary' } as const
// Where q'k is nearly 0, the norm of what the first step reads turns faster than differences can follow: other seeds.
describeLayer(
  'retention', (size) => linearAttention(2 * size, { ...turning, decay: 'fixed' }), { ...suite, backends, seed: 3 },
)
describeLayer(
  'linearAttention with rotary positions, in reverse',
  (size) => linearAttention(2 * size, { ...turning, decay: 'head', reverse: true }), { ...suite, seed: 3 },
)
describeLayer('linearAttention, fixed', (size) => linearAttention(2 * size, { ...options, decay: 'fixed' }), suite)
describeLayer('linearAttention, in reverse', (size) => linearAttention(2 * size, { ...options, reverse: true }), suite)
describeLayer('bidirectional mLstm', (size) => bidirectional((o) => mLstm(2 * size, { ...options, ...o })), suite)
describeLayer('mLstm', (size) => mLstm(2 * size, options), { ...suite, backends })
describeLayer('mLstm, normed', (size) => mLstm(2 * size + 6, { ...options, norm: true }), { ...suite, seed: 1 })
describeLayer('mamba2', (size) => mamba2(2 * size, { ...options, keys: 4 }), { ...suite, backends })
// Where all of a key is nearly 0, its direction turns faster than differences can follow: the input is moved away.
const moved = (...layers: readonly Blueprint[]): Blueprint => ({
  type: 'sequential',
  build: (input, context) => new Sequential(input, [activation((x) => x.add(4)), ...layers], context),
})
describeLayer('gatedDeltaNet', (size) => moved(gatedDeltaNet(2 * size, options)), { ...suite, backends, seed: 11 })
const averages = { queryKernel: 0.25, keyKernel: 0.25, valueKernel: 0.25 } // for the same reason
describeLayer(
  'gatedDeltaNet behind convolutions',
  (size) => moved(gatedDeltaNet(2 * size, { ...options, convolution: 2, initializers: averages })),
  { ...suite, seed: 11 },
)
describeLayer('mamba2 behind convolutions', (size) => mamba2(2 * size, { ...options, convolution: 3 }), suite)
describeLayer(
  'linearAttention behind convolutions, in reverse',
  (size) => linearAttention(2 * size, { ...options, convolution: 2, reverse: true }), suite,
)
// A group norm over one or two columns is nearly a sign, whose gradient float32 cannot tell: here there are four.
describeLayer('rwkv7', (size) => moved(rwkv7(2 * size + 6, options)), { ...suite, backends, seed: 4 })
describeLayer(
  'rwkv7, one key per head', (size) => moved(rwkv7(2 * size + 6, { ...options, keys: 1 })), { ...suite, seed: 2 },
)
const ranks = { decay: 2, rate: 1, gate: 3 }
describeLayer(
  'rwkv7 of low ranks', (size) => moved(rwkv7(2 * size + 6, { ...options, ranks })), { ...suite, seed: 2 },
)
describeLayer(
  'rwkv7 that reads the values of another',
  (size) => {
    const wide = { keys: 3, chunk: 4 } // one head of many columns, for the same reason
    return moved(rwkv7(2 * size + 10, wide), moved(rwkv7(2 * size + 10, { ...wide, ranks: { first: 2 } })))
  },
  { ...suite, seed: 1 },
)
describeLayer('rwkv7ChannelMix', () => moved(rwkv7ChannelMix({ hidden: 5 })), { ...suite, backends, seed: 1 })
describeLayer(
  '1-of-k to mLstm',
  (size) => ({
    type: 'sequential',
    build: (input, context) => new Sequential(input, [oneHot(), mLstm(2 * size, options)], context),
  }),
  { ...suite, input: 'tokens' },
)

describe.each([
  ['linearAttention', linearAttention(4, options)], ['mLstm', mLstm(4, options)], ['mamba2', mamba2(4, options)],
  ['gatedDeltaNet', gatedDeltaNet(4, options)], ['rwkv7', rwkv7(4, options)],
  ['rwkv7ChannelMix', rwkv7ChannelMix({ hidden: 3 })], ['mamba2', mamba2(4, { ...options, convolution: 3 })],
  ['retention', linearAttention(4, { ...turning, decay: 'fixed' })],
  ['retention in reverse', linearAttention(4, { ...turning, decay: 'fixed', reverse: true })],
] as const)('%s with a mask that has gaps', (_, blueprint) => {
  it('is at the real steps what it is without the others', () => {
    const backend = javascript({ dtype: 'float64' })
    const layer = (blueprint as Blueprint).build(sequence(2), { backend, random: new Random(1) })
    const random = new Random(2)
    const real = [0, 1, 1, 0, 0, 1, 0, 1, 1, 0]
    const x = real.map((one) => (one ? [random.normal(), random.normal()] : [Number.NaN, Number.NaN]))
    const run = (steps: number, rows: readonly (readonly number[])[], lengths?: Lengths) => {
      const callShape = { steps, batch: 1, mode: 'inference', lengths } as const
      const frame = layer.plan(wireFor(layer, callShape), callShape)
      backend.write(frame.x.value, rows.flat())
      frame.forward()
      const y = [...backend.read(frame.y.value)]
      const width = layer.out.size
      const states = namedVariables(frame.final).map(([, { value }]) => [...backend.read(value)])
      return { y: Array.from({ length: steps }, (_, t) => y.slice(width * t, width * (t + 1))), states }
    }
    const lengths = new Lengths(backend, real.length, 1)
    lengths.setMask(real)
    const masked = run(real.length, x, lengths)
    const short = run(5, x.filter((_, t) => real[t]))
    const near = (got: readonly number[], want: readonly number[]): void =>
      got.forEach((value, i) => expect(value).toBeCloseTo(want[i]!, 12))
    near(masked.y.filter((_, t) => real[t]).flat(), short.y.flat())
    near(masked.states.flat(), short.states.flat())
    // A feed-forward layer, unlike a recurrence, may give anything there.
    const padding = masked.y.filter((_, t) => !real[t]).flat()
    if (layer.type !== 'rwkv7ChannelMix') expect(padding).toEqual(Array.from({ length: 20 }, () => 0))
  })
})
