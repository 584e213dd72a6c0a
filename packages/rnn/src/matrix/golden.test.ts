import {
  activation, branches, convolution, formulaLayer, layerNorm, Sequential, timeDistributed, type Blueprint,
} from '@recurra/layers'
import { describe, expect, it } from 'vitest'
import { expectCase, recurrentCases } from '../../../../test/fixtures/recurrent-cases.ts'
import { gatedDeltaNet, linearAttention, mamba2, mLstm, rwkv7, rwkv7ChannelMix, sLstm } from '../index.ts'

const cases = recurrentCases('matrix-layers.json')
const inSequence = (...layers: readonly Blueprint[]): Blueprint =>
  ({ type: 'sequential', build: (input, context) => new Sequential(input, layers, context) })
/** The first four features, with a learned scale. */
const scaled = formulaLayer(['mul', 'x0', 'p0'], { slices: [[0, 4]], parameters: 1 }) as Blueprint
const turning = { keys: 4, positions: 'rotary' } as const
type Make = (options: { heads: number; keys: number; chunk: number }) => Blueprint
const layers: { readonly [name: string]: Make } = {
  'linearAttention key': (options) => linearAttention(4, { ...options, decay: 'key' }),
  'linearAttention head': (options) => linearAttention(4, { ...options, decay: 'head' }),
  'linearAttention fixed': (options) => linearAttention(4, { ...options, decay: 'fixed' }),
  'linearAttention none': (options) => linearAttention(4, { ...options, decay: 'none' }),
  mLstm: (options) => mLstm(4, options),
  mamba2: (options) => mamba2(4, options),
  gatedDeltaNet: (options) => gatedDeltaNet(4, options),
  rwkv7: (options) => rwkv7(4, options),
  rwkv7ChannelMix: () => rwkv7ChannelMix({ hidden: 5 }),
  'linearAttention convolved': (options) => linearAttention(4, { ...options, convolution: 4 }),
  'mamba2 convolved': (options) => mamba2(4, { ...options, convolution: 4 }),
  'gatedDeltaNet convolved': (options) => gatedDeltaNet(4, { ...options, convolution: 4 }),
  'rwkv7 low-rank': (options) => rwkv7(4, { ...options, ranks: { decay: 2, rate: 1, gate: 3 } }),
  'linearAttention low-rank': (options) => linearAttention(4, { ...options, ranks: { decay: 2 } }),
  'mLstm normed': (options) => mLstm(4, { ...options, norm: true }),
  'rwkv7 twice': (options) => inSequence(rwkv7(4, options), rwkv7(4, { ...options, ranks: { first: 2 } })),
  retention: (options) => linearAttention(4, { ...options, ...turning, decay: 'fixed' }),
  'retention, learned': (options) => linearAttention(4, { ...options, ...turning, decay: 'head' }),
  'xLSTM, mLSTM': (options) => inSequence(
    branches([
      [convolution(4, { kernel: 4, padding: 'causal', groups: 4 }), activation('silu')], [activation('linear')],
    ], { merge: 'concat' }) as Blueprint,
    branches([[mLstm(4, { ...options, norm: true })], [scaled]], { merge: 'sum' }) as Blueprint,
  ),
  'xLSTM, sLSTM': () => inSequence(
    sLstm(4, { heads: 2 }) as Blueprint,
    timeDistributed([layerNorm({ affine: false })], { features: 2, outputSteps: 2 }) as Blueprint, scaled,
  ),
}

describe('recurrences with a matrix state equal their equations written in PyTorch, in float64', () => {
  it('all of them', () => expect(cases.map(({ name }) => name)).toEqual(Object.keys(layers)))

  describe.each(cases)('$name', (c) => {
    it.each([1, 3, 4, 16])('in chunks of %i steps', (chunk) =>
      expectCase(layers[c.name]!({ heads: 2, keys: 3, chunk }), c, 1e-11))
  })
})
