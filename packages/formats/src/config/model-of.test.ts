import { javascript } from '@recurra/backend'
import {
  activation, attention, attentionPool, averagePool, batchNorm, branches, convolution, masking, maxPool,
  multiHeadAttention, dense, dropout, unmask,
  elementWiseLayer, embedding, concatSource, crop, flatten, formulaLayer, gated, globalMaxPool, layerNorm,
  namedVariables, named, oneHot, pad, residual, rmsNorm, sequential, stack, timeDistributed, tokens,
  transpose, transposedConvolution, unflatten, upSample, vector, type Blueprint, type Layer,
} from '@recurra/layers'
import * as rnn from '@recurra/rnn'
import { ConfigurationError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { configOf } from './config-of.ts'
import { blueprintOf, makersWith } from './blueprint-of.ts'
import type { LayerConfig } from './model-config.ts'
import { modelOf } from './model-of.ts'

const { bidirectional, cells, encoderDecoder, gru, last, lstm, repeat } = rnn
const backend = javascript()
const again = (config: unknown): unknown => JSON.parse(JSON.stringify(config))
const paths = (model: Layer): unknown => namedVariables(model.params).map(([path, { value }]) => [path, value.shape])

const models: readonly [name: string, model: unknown][] = [
  ['cells', sequential(3, Object.values<(size: number) => Blueprint>(cells).map((cell) => cell(4)), { backend })],
  [
    'matrix states',
    sequential(3, [
      rnn.linearAttention(4, { heads: 2, decay: 'fixed' }), rnn.linearAttention(4, { keys: 3, chunk: 8 }),
      rnn.linearAttention(4, { decay: 'fixed', positions: 'rotary' }),
      rnn.mLstm(4, { heads: 2 }), rnn.mamba2(4, { keys: 8 }), rnn.gatedDeltaNet(4), rnn.rwkv7(4),
      rnn.rwkv7ChannelMix({ hidden: 3 }), rnn.rwkv7ChannelMix(),
    ], { backend }),
  ],
  [
    'options of cells',
    sequential(3, [lstm(4, { gateBias: { f: 1 }, biases: 1 }), gru(4, { reverse: true })], { backend }),
  ],
  [
    'text',
    sequential(
      tokens(9),
      [
        named('table', embedding(4)),
        stack(2, lstm(3, { zoneout: { h: 0.1 }, recurrentDropout: 0.2, gateBias: { f: 1 } })),
        dropout(0.5, { variational: true }),
        bidirectional((o) => gru(2, o)),
        last(),
        layerNorm({ epsilon: 1e-3 }),
        dense(9, { bias: false }),
      ],
      { backend },
    ),
  ],
  [
    'vector to sequence',
    sequential(
      vector(5),
      [dense(4, { initializers: { weight: 'orthogonal' } }), activation('silu'), repeat(3), rnn.rnn(2)],
      { backend },
    ),
  ],
  [
    'last and mean',
    sequential(4, [bidirectional((o) => gru(2, o)), rnn.lastAndMeanPool({ bidirectional: true })], { backend }),
  ],
  [
    'merged directions',
    sequential(4, [bidirectional((o) => gru(2, o)), rnn.mergeDirections('mean'), rnn.rnn(3, { reverse: true }),
      rnn.last({ reverse: true })], { backend }),
  ],
  [
    'convolutions',
    sequential(4, [
      convolution(6, { kernel: 3, stride: 2, padding: 'same' }),
      masking({ value: 2 }),
      unmask(),
      maxPool({ kernel: 2 }),
      crop({ after: 1 }),
      batchNorm({ epsilon: 1e-3, momentum: 0.2, affine: false }),
      averagePool({ kernel: 3, stride: 1, padding: 1, countIncludePad: true }),
      upSample(2),
      transposedConvolution(6, { kernel: 4, stride: 2, padding: 1, bias: false, initializers: { weight: 0.5 } }),
      convolution(6, { kernel: 2, dilation: 2, groups: 6, padding: 1, bias: false, initializers: { weight: 0.5 } }),
    ], { backend }),
  ],
  [
    'chunks',
    sequential(8, [
      timeDistributed([
        pad({ after: 2, mode: 'reflect' }), convolution(4, { kernel: 3 }),
        formulaLayer(['mul', 'p0', ['add', 'x0', ['square', 'x1']]], { slices: [[0, 2], [2, 4]], parameters: 1 }),
        last(),
      ], { features: 2 }),
      timeDistributed([convolution(4, { kernel: 2, padding: 1 })], { outputSteps: 3 }),
      timeDistributed([rnn.lstm(2)], { features: 4, stateful: true }),
    ], { backend }),
  ],
  [
    'a formula as data',
    sequential(4, [
      rnn.formulaCell(3, {
        gates: ['a'], state: ['h'], params: ['p'], next: { h: ['tanh', ['mul', 'param.p', 'gate.a']] }, reverse: true,
      }),
    ], { backend }),
  ],
  ['shapes', sequential(4, [transpose(3), transpose(4), flatten(3), unflatten(6), globalMaxPool()], { backend })],
  ['heads', sequential(4, [multiHeadAttention(2, { over: 'causal', window: 3, positions: 'rotary' })], { backend })],
  [
    'residual blocks',
    sequential(4, [
      stack(2, residual([rmsNorm({ epsilon: 1e-5 }), gated([gru(3)], [named('gate', dense(3))]), dense(4)])),
      rmsNorm({ affine: false }),
      branches([[named('own', gru(3))], [], [dense(2)]]),
      branches([[dense(2)], [dense(3), dense(2)]], { merge: 'max' }),
    ], { backend }),
  ],
  [
    'attention pooling',
    sequential(4, [rnn.gru(3), attentionPool([dense(2), activation('tanh'), named('score', dense(1))])], { backend }),
  ],
  ['one-hot', sequential(tokens(3), [oneHot(), rnn.rnn(2), rnn.meanPool()], { backend })],
  [
    'attention',
    encoderDecoder(
      {
        source: tokens(5),
        encoder: [embedding(3), gru(4)],
        target: tokens(6),
        decoder: [embedding(3), gru(4), attention({ score: 'additive' }), dense(6)],
        start: 'zero',
      },
      { backend },
    ),
  ],
  [
    'caption',
    encoderDecoder(
      {
        source: vector(5),
        encoder: [dense(4)],
        target: tokens(6),
        decoder: [embedding(3), concatSource(), gru(4), dense(6)],
      },
      { backend },
    ),
  ],
]

it.each(models)('%s: built from its config as it was', (_, model) => {
  const config = configOf(model as Layer)
  const copy = modelOf(again(config), { backend }) as unknown as Layer
  expect(paths(copy)).toEqual(paths(model as Layer))
  expect(configOf(copy)).toEqual(config)
})

/** The configs of all layers in the models above, those inside others, too. */
const layersIn = (value: unknown): LayerConfig[] => {
  if (typeof value !== 'object' || value === null) return []
  return [...('type' in value ? [value as LayerConfig] : []), ...Object.values(value).flatMap(layersIn)]
}
const layers = models.flatMap(([, model]) => layersIn(configOf(model as Layer)))

it('knows every layer there is', () => {
  expect([...new Set(layers.map(({ type }) => type))].sort()).toEqual(Object.keys(makersWith()).sort())
})

it.each(layers)('$type overlooks no option', (config) => {
  const strange = { ...config, options: { ...config.options, strange: 1 } }
  expect(() => blueprintOf(strange, makersWith(), 'config')).toThrow(ConfigurationError)
  expect(() => blueprintOf(strange, makersWith(), 'config')).toThrow('got strange')
})

describe('layers of your own', () => {
  const doubled = rnn.cell('doubled', { gates: ['a'], state: ['h'] }, ({ gate }) => ({ h: gate.a.mul(2) }))
  const model = sequential(2, [doubled(3)], { backend }) as unknown as Layer
  const layers = { doubled: ({ size }: { readonly [option: string]: unknown }) => doubled(size as number) as Blueprint }

  it('are built when it is told how', () => {
    const config = again(configOf(model, { layers }))
    expect(paths(modelOf(config, { backend, layers }) as unknown as Layer)).toEqual(paths(model))
  })

  it('are asked for when they are saved', () => {
    expect(() => configOf(model)).toThrow(ConfigurationError)
    expect(() => configOf(model)).toThrow('got doubled. Tell how it is made')
    const formula = sequential(2, [activation((x) => x.mul(2))], { backend }) as unknown as Layer
    expect(() => configOf(formula)).toThrow(ConfigurationError)
  })
})

it('an element-wise layer of one\'s own is made again by its maker, with its options, and by nobody else', () => {
  const prelu = elementWiseLayer('prelu', { slope: 0.25 }, (x, { slope }) => x.mul(slope))
  const model = sequential(3, [prelu({ initializers: { slope: 0.5 } })], { backend })
  const made = modelOf(again(configOf(model, { layers: { prelu } })), { backend, layers: { prelu } }) as Layer
  expect(namedVariables(made.params).map(([path, { value }]) => [path, [...backend.read(value)]]))
    .toEqual([['0.slope', [0.5, 0.5, 0.5]]])
  expect(() => configOf(model)).toThrow(ConfigurationError)
})
