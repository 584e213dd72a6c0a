import { ValueError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { allLayers, modelLayers, type ModelLayer } from './model-layers.ts'

type Json = Readonly<Record<string, unknown>>

/** A layer of a functional model of Keras 2, which reads others: `name`, or `name:call:output`. */
const called = (type: string, name: string, ...calls: readonly string[]): Json => ({
  class_name: type, name, config: { name },
  inbound_nodes: calls.map((inputs) => inputs.split(' ').map((input) => {
    const [layer, call = 0, output = 0] = input.split(':')
    return [layer, Number(call), Number(output), {}]
  })),
})
/** The same as Keras 3 writes it. */
const keras3 = ({ inbound_nodes: calls, ...layer }: Json, kwargs: Json = {}): Json => ({
  ...layer,
  inbound_nodes: (calls as unknown[][][]).map((inputs) => {
    const all = inputs.map((history) =>
      ({ class_name: '__keras_tensor__', config: { shape: [null, 3], keras_history: history.slice(0, 3) } }))
    return { args: all.length > 1 ? [all] : all, kwargs }
  }),
})
const model = (name: string, output: string, ...layers: readonly Json[]): Json => ({
  class_name: 'Functional', name,
  config: { name, layers, input_layers: [['x', 0, 0]], output_layers: [[output, 0, 0]] },
})
const input = called('InputLayer', 'x')

const shown = (layers: readonly ModelLayer[]): string => layers.map(({ name, branches }) =>
  name + (branches.length > 0 ? `[${branches.map(shown).join(' | ')}]` : '')).join(' ')

describe('a functional model is a series:', () => {
  const branched = [
    input, called('LSTM', 'a', 'x'), called('ReLU', 'r', 'a', 'b'), called('Dense', 'b', 'x'),
    called('Add', 'sum', 'r r:1'), called('Dense', 'd', 'sum'),
  ]
  it('branches in the order in which they are merged; a layer may be called twice', () => {
    const layers = modelLayers(model('m', 'd', ...branched))
    expect(shown(layers)).toBe('x sum[a r | b r] d')
    expect(allLayers(layers).map(({ path, calls }) => `${path} ${calls}`)).toEqual([
      'layers/input_layer 0', 'layers/lstm 1', 'layers/re_lu 2', 'layers/dense 1', 'layers/re_lu 2', 'layers/add 1',
      'layers/dense_1 1',
    ])
    expect(modelLayers(model('m', 'd', ...branched.map((layer) => keras3(layer))))).toEqual(layers)
  })

  it('models within it have the places of Keras 3, and a call of their own where they are defined', () => {
    const inner = { ...called('Functional', 'inner', 'x'), config: model('inner', 'd', ...branched)['config'] }
    const deep = model('m', 'e', input, inner, called('Dense', 'e', 'inner:1'))
    const layers = modelLayers(deep)
    expect(shown(layers)).toBe('x sum[a r | b r] d e')
    expect(layers.map(({ path }) => path)).toEqual([
      'layers/input_layer', 'layers/functional/layers/add', 'layers/functional/layers/dense_1', 'layers/dense',
    ])
    expect(layers.map(({ within }) => within)).toEqual([[], ['inner'], ['inner'], []])
  })

  it('attention reads itself; what it is passed are attributes', () => {
    const attention = keras3(called('MultiHeadAttention', 'a', 'x x x'), { use_causal_mask: true, training: false })
    const [, layer] = modelLayers(model('m', 'a', input, attention))
    expect(layer).toMatchObject({ branches: [], config: { name: 'a', use_causal_mask: true } })
    const named = { ...called('MultiHeadAttention', 'a'), inbound_nodes: [[['x', 0, 0, { value: ['x', 0, 0] }]]] }
    expect(modelLayers(model('m', 'a', input, named))[1]).toMatchObject({ branches: [], config: { name: 'a' } })
  })
})

describe('what is no series is an error that names the layer:', () => {
  const two = called('Sequential', 'inner', 'x', 'a')
  it.each<[what: string, model: Json, ...says: string[]]>([
    ['two inputs', model('m', 'a', input, called('InputLayer', 'y'), called('Add', 'a', 'x y')),
      'one input, got 2: x, y'],
    ['two outputs', { ...model('m', 'a', input), config: {
      layers: [input], input_layers: [['x', 0, 0]], output_layers: [['x', 0, 0], ['y', 0, 0]],
    } }, 'importModel, m', 'one output, got 2: x, y'],
    ['ways that cross', model('m', 'e', input, called('LSTM', 'a', 'x'), called('Dense', 'b', 'x'),
      called('Add', 'c', 'a b'), called('Add', 'e', 'c a')), 'importModel, c', 'one of a, and one of x'],
    ['a model that is called twice', model('m', 'b', input, called('Dense', 'a', 'x'),
      { ...two, config: { name: 'inner', layers: [] } }, called('Add', 'b', 'inner:1 inner:2')),
    'importModel, inner', 'called once, got 2 calls'],
    ['a second output', model('m', 'b', input, called('LSTM', 'a', 'x'), called('Dense', 'b', 'a:0:1')),
      'importModel, b', 'the first output of a alone, got output 1'],
    ['a constant', model('m', 'a', input, { ...called('Add', 'a'), inbound_nodes: [[['x', 0, 0, {}], 3]] }),
      'importModel, a', 'outputs of layers, got 3'],
    ['a layer that is not there', model('m', 'a', input, called('Dense', 'a', 'y')), 'importModel, a', 'got y'],
  ])('%s', (_, config, ...says) => {
    expect(() => modelLayers(config)).toThrow(ValueError)
    for (const each of says) expect(() => modelLayers(config)).toThrow(each)
  })
})
