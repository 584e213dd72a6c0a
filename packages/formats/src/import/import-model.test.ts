import { readFileSync } from 'node:fs'
import { webassembly } from '@recurra/backend'
import { dense, embedding, layerNorm, named, sequential, tokens, type Blueprint } from '@recurra/layers'
import { gru, lstm, rnn } from '@recurra/rnn'
import { flatten, sizeOf, ValueError, type NamedTensor, type NamedTensors } from '@recurra/tensor'
import { predict } from '@recurra/training'
import { describe, expect, it } from 'vitest'
import { keras } from '../parameters/keras-layout.ts'
import type { ParameterLayout } from '../parameters/layout.ts'
import { pytorch } from '../parameters/pytorch-layout.ts'
import { saveParameters } from '../parameters/save-parameters.ts'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import { importModel, type ImportOptions } from './import-model.ts'

const backend = webassembly()

/**
 * What an imported model makes of the input beside its weights, less what its framework made of it: the largest
 * difference.
 */
const differenceIn = async (name: string, options: ImportOptions = {}): Promise<number> => {
  const tensors = new Map(
    readSafetensors(readFileSync(new URL(`../../../../test/golden/${name}.safetensors`, import.meta.url))).tensors,
  )
  const [x, y] = ['x', 'y'].map((each) => tensors.get(each)!) as [NamedTensor, NamedTensor]
  for (const each of ['x', 'y']) tensors.delete(each)
  const model = importModel(tensors, { backend, recurrentActivation: 'sigmoid', onWarning: () => {}, ...options })
  const [batch, steps] = x.shape as [number, number]
  const data = {
    steps,
    batch,
    batches: 1,
    padded: false,
    carry: false,
    epoch: () => [{ x: Float64Array.from(x.read() as Float64Array, Number), target: [] }],
  }
  const said: number[] = []
  for await (const each of predict(model, data)) said.push(...flatten(each.y))
  const wanted = y.read() as Float32Array
  expect(said.length).toBe(wanted.length)
  return Math.max(...said.map((value, i) => Math.abs(value - wanted[i]!)))
}

describe('a model from its parameters alone gives what it gave:', () => {
  const files: readonly (readonly [name: string, options: ImportOptions])[] = [
    ['torch-rnn', {}],
    ['torch-rnn-relu', { relu: true }],
    ['torch-lstm', {}],
    ['torch-lstm-both', {}],
    ['torch-gru', {}],
    ['torch-gru-no-bias', {}],
    ['keras-rnn', {}],
    ['keras-lstm', {}],
    ['keras-gru', {}],
    ['keras-gru-reset-before', {}],
  ]
  it.each(files)('%s', async (name, options) => {
    expect(await differenceIn(name, options)).toBeLessThan(1e-6)
  })

  it('says which epsilon it takes', () => {
    const warnings: string[] = []
    importModel(saveParameters(sequential(2, [layerNorm()], { backend }), { layout: keras }), {
      backend,
      onWarning: (message) => void warnings.push(message),
    })
    expect(warnings).toEqual([
      'importModel, 0: its epsilon is taken for 1e-3, the default of Keras, as no tensor tells',
    ])
  })

  it('a bare module has no name', () => {
    const { tensors } = readSafetensors(saveParameters(sequential(3, [lstm(4)], { backend }), { layout: pytorch }))
    const bare = new Map([...tensors].map(([name, tensor]) => [name.replace('0.', ''), tensor]))
    expect(importModel(bare, { backend }).summary()).toContain('lstm')
  })

  it('the last step can be all that goes on, also where layers have numbers for names', () => {
    const file = saveParameters(sequential(tokens(9), [embedding(4), lstm(5), dense(2)], { backend }), {
      layout: pytorch,
    })
    expect(importModel(file, { backend, last: true }).names).toEqual(['0', '1', 'last', '2'])
  })

  it('the paths of Keras are understood', () => {
    const { tensors } = readSafetensors(
      saveParameters(sequential(tokens(9), [embedding(4), lstm(5, { biases: 1 }), dense(2)], { backend }), {
        layout: keras,
      }),
    )
    const paths: { readonly [name: string]: string } = {
      '0/embeddings': 'embedding/embeddings:0',
      '2/kernel': 'dense/kernel:0',
      '2/bias': 'dense/bias:0',
      '1/kernel': 'lstm/lstm_cell_3/kernel:0',
      '1/recurrent_kernel': 'lstm/lstm_cell_3/recurrent_kernel:0',
      '1/bias': 'lstm/lstm_cell_3/bias:0',
    }
    const model = importModel(new Map([...tensors].map(([name, tensor]) => [paths[name]!, tensor])), {
      backend,
      last: true,
      recurrentActivation: 'sigmoid',
    })
    expect(model.layers.map(({ type }) => type)).toEqual(['embedding', 'lstm', 'last', 'dense'])
    expect(model.out).toEqual({ kind: 'vector', size: 2 })
  })
})

describe('what the parameters do not tell', () => {
  const file = (layout: ParameterLayout, ...layers: Blueprint[]): Uint8Array =>
    saveParameters(sequential(tokens(9), layers as [], { backend }), { layout })
  const called = (name: string, blueprint: Blueprint): Blueprint => named(name, blueprint)
  const twins = file(
    pytorch,
    called('e', embedding(4) as Blueprint),
    called('left', lstm(4) as Blueprint),
    called('right', lstm(4) as Blueprint),
    called('fc', dense(9) as Blueprint),
  )

  it.each([
    [
      'which layer comes first',
      twins,
      {},
      'e (embedding, 9 -> 4), left (lstm, 4 -> 4), right (lstm, 4 -> 4), fc (dense, 4 -> 9), or e (embedding',
    ],
    [
      'what stands between dense layers',
      file(pytorch, embedding(4) as Blueprint, gru(4) as Blueprint, dense(4) as Blueprint, dense(2) as Blueprint),
      {},
      'one dense layer at the end',
    ],
    [
      'a name that is none',
      twins,
      { order: ['e', 'left', 'left', 'fc'] },
      'each of the layers once: e, fc, left, right, got e, left, left, fc',
    ],
    [
      'where a reset comes without a bias',
      file(keras, embedding(4) as Blueprint, gru(4, { biases: 0 }) as Blueprint),
      {},
      'whether the reset comes before or after',
    ],
    [
      'what is missing',
      new Map([...readSafetensors(twins).tensors].filter(([name]) => name !== 'left.bias_hh_l0')),
      {},
      'importModel, left: expected the tensors of an RNN, LSTM or GRU',
    ],
    ['nothing at all', new Map<string, NamedTensor>(), {}, 'at least one layer, got none'],
    [
      'names of our own',
      saveParameters(sequential(2, [rnn(3)], { backend })),
      {},
      'importModel, 0: expected modules of the kinds RNN',
    ],
  ] as const)('is told: %s', (_, tensors, options, says) => {
    expect(() => importModel(tensors, { backend, ...options })).toThrow(ValueError)
    expect(() => importModel(tensors, { backend, ...options })).toThrow(says)
  })

  it('can be said: the order', () => {
    const model = importModel(twins, { backend, order: ['e', 'right', 'left', 'fc'] })
    expect(model.names).toEqual(['e', 'right', 'left', 'fc'])
  })

  it('follows from numbers in names', () => {
    const layers = ['10', '9', '11', '12'].sort((a, b) => Number(a) - Number(b))
    const numbers = file(
      pytorch,
      ...[embedding(4), lstm(4), lstm(4), dense(9)].map((blueprint, i) => called(layers[i]!, blueprint as Blueprint)),
    )
    expect(importModel(numbers, { backend }).names).toEqual(layers)
  })
})

describe('no layer is lost, whatever the names are:', () => {
  const tensors = (shapes: { readonly [name: string]: readonly number[] }): NamedTensors =>
    new Map(
      Object.entries(shapes).map(([name, shape]) => [
        name,
        { name, dtype: 'F32', shape, read: () => new Float32Array(sizeOf(shape)) },
      ]),
    )
  const cell = (path: string, features = 2, units = 2): { readonly [name: string]: readonly number[] } => ({
    [`${path}/kernel:0`]: [features, 4 * units],
    [`${path}/recurrent_kernel:0`]: [units, 4 * units],
    [`${path}/bias:0`]: [4 * units],
  })
  const [table, head] = [{ 'embedding/embeddings:0': [5, 2] }, { 'dense/kernel:0': [2, 3], 'dense/bias:0': [3] }]
  const typesOf = (shapes: { readonly [name: string]: readonly number[] }, options: ImportOptions = {}): string =>
    importModel(tensors(shapes), { backend, recurrentActivation: 'sigmoid', onWarning: () => {}, ...options })
      .layers.map(({ type }) => type)
      .join(' ')

  it.each<[what: string, shapes: { readonly [name: string]: readonly number[] }, types: string]>([
    [
      'stacked cells of Keras 3',
      { ...table, ...cell('rnn/stacked_rnn_cells/lstm_cell'), ...cell('rnn/stacked_rnn_cells/lstm_cell_1'), ...head },
      'embedding lstm lstm dense',
    ],
    [
      'stacked cells of Keras 2',
      { ...table, ...cell('rnn/lstm_cell'), ...cell('rnn/lstm_cell_1'), ...head },
      'embedding lstm lstm dense',
    ],
    [
      'stacked cells of several sizes',
      { ...cell('rnn/lstm_cell_1', 3, 2), ...cell('rnn/lstm_cell', 4, 3) },
      'lstm lstm',
    ],
    [
      'layers called cells',
      { ...table, ...cell('first_cell/lstm_cell'), ...cell('second_cell/lstm_cell'), ...head },
      'embedding lstm lstm dense',
    ],
    ['a dense layer called a cell', { ...table, 'out_cell/kernel': [2, 3], 'out_cell/bias': [3] }, 'embedding dense'],
    [
      'layers called forward and backward',
      { ...table, ...cell('forward_one/lstm_cell', 2, 3), ...cell('backward_one/lstm_cell', 3, 2), ...head },
      'embedding lstm lstm dense',
    ],
    ['one layer called forward', { ...table, ...cell('forward_lstm/lstm_cell'), ...head }, 'embedding lstm dense'],
    [
      'a nested model',
      { ...cell('model/forward_a/lstm_cell', 2, 3), ...cell('model/backward_a/lstm_cell', 3, 4) },
      'lstm lstm',
    ],
    [
      'two directions',
      {
        ...table,
        ...cell('bidirectional/forward_lstm/lstm_cell_4'),
        ...cell('bidirectional/backward_lstm/lstm_cell_5'),
      },
      'embedding bidirectional',
    ],
    [
      'two directions in a model',
      {
        ...cell('model/bidirectional_1/forward_lstm/lstm_cell', 2, 3),
        ...cell('model/bidirectional_1/backward_lstm/lstm_cell', 2, 3),
      },
      'bidirectional',
    ],
    [
      'cells of TensorFlow 1',
      {
        'rnn/multi_rnn_cell/cell_0/basic_lstm_cell/kernel': [5, 12],
        'rnn/multi_rnn_cell/cell_0/basic_lstm_cell/bias': [12],
        'rnn/multi_rnn_cell/cell_1/basic_lstm_cell/kernel': [6, 12],
        'rnn/multi_rnn_cell/cell_1/basic_lstm_cell/bias': [12],
        'rnn/fully_connected/weights': [3, 4],
        'rnn/fully_connected/biases': [4],
      },
      'lstm lstm dense',
    ],
    [
      'stacked directions of TensorFlow 1',
      Object.fromEntries(
        ['cell_0', 'cell_1'].flatMap((at, i) =>
          ['fw', 'bw'].flatMap((way) => [
            [`stack_bidirectional_rnn/${at}/bidirectional_rnn/${way}/basic_lstm_cell/kernel`, [i === 0 ? 5 : 6, 8]],
            [`stack_bidirectional_rnn/${at}/bidirectional_rnn/${way}/basic_lstm_cell/bias`, [8]],
          ]),
        ),
      ) as { [name: string]: number[] },
      'bidirectional bidirectional',
    ],
    [
      'DataParallel of an LSTM alone',
      {
        'module.weight_ih_l0': [8, 3],
        'module.weight_hh_l0': [8, 2],
        'module.bias_ih_l0': [8],
        'module.bias_hh_l0': [8],
      },
      'lstm',
    ],
    [
      'Keras 3 with numbers',
      {
        'layers/embedding/vars/0': [5, 2],
        'layers/lstm/cell/vars/0': [2, 8],
        'layers/lstm/cell/vars/1': [2, 8],
        'layers/lstm/cell/vars/2': [8],
        'layers/layer_normalization/vars/0': [2],
        'layers/layer_normalization/vars/1': [2],
        'layers/dense/vars/0': [2, 3],
        'layers/dense/vars/1': [3],
      },
      'embedding lstm layerNorm dense',
    ],
    [
      'Keras 3 with numbers, both directions',
      {
        'layers/bidirectional/forward_layer/cell/vars/0': [2, 6],
        'layers/bidirectional/forward_layer/cell/vars/1': [2, 6],
        'layers/bidirectional/forward_layer/cell/vars/2': [2, 6],
        'layers/bidirectional/backward_layer/cell/vars/0': [2, 6],
        'layers/bidirectional/backward_layer/cell/vars/1': [2, 6],
        'layers/bidirectional/backward_layer/cell/vars/2': [2, 6],
      },
      'bidirectional',
    ],
  ])('%s', (_, shapes, types) => expect(typesOf(shapes)).toBe(types))

  it.each<[what: string, shapes: { readonly [name: string]: readonly number[] }, says: string]>([
    [
      'two layers, or two directions',
      { ...cell('model/forward_a/lstm_cell'), ...cell('model/backward_a/lstm_cell') },
      'layers that fit together in one way',
    ],
    [
      'a name with and without a number',
      { 'dense/kernel': [2, 3], 'dense/kernel:0': [2, 3] },
      'two called dense/kernel',
    ],
    [
      'peepholes of TensorFlow 1',
      { 'rnn/lstm_cell/kernel': [5, 12], 'rnn/lstm_cell/bias': [12], 'rnn/lstm_cell/w_f_diag': [3] },
      'w_f_diag [3]',
    ],
    [
      'a kernel that is no LSTM',
      { 'rnn/basic_lstm_cell/kernel': [2, 12], 'rnn/basic_lstm_cell/bias': [12] },
      'importModel, rnn: expected a cell',
    ],
    ['two bare modules', { '0.weight': [3, 2], weight: [3, 2] }, 'two called 0.weight'],
    ['both wrapped and not', { '_orig_mod.a.weight': [3, 2], 'a.weight': [3, 2] }, 'two called a.weight'],
    [
      'a pruned weight',
      { 'a.weight_orig': [3, 2], 'a.weight_mask': [3, 2] },
      "torch.nn.utils.prune.remove(module, 'weight')",
    ],
    [
      'spectral norm of one matrix of an LSTM',
      { 'a.weight_hh_l0_orig': [8, 2], 'a.weight_hh_l0_u': [8], 'a.weight_hh_l0_v': [2] },
      "remove_spectral_norm(module, 'weight_hh_l0')",
    ],
    [
      'a layer of Keras without its recurrent kernel',
      { 'lstm/kernel': [4, 8], 'lstm/bias': [8] },
      'its recurrent_kernel too',
    ],
    [
      'a cell of TensorFlow 1 with other gates',
      { 'rnn/cudnn_compatible_lstm_cell/kernel': [5, 12], 'rnn/cudnn_compatible_lstm_cell/bias': [12] },
      'importModel, rnn: expected a cell',
    ],
    [
      'a cell of TensorFlow 1 with a projection',
      { 'rnn/lstm_cell/kernel': [6, 16], 'rnn/lstm_cell/bias': [16], 'rnn/lstm_cell/projection/kernel': [4, 2] },
      'expected a cell',
    ],
    [
      'a cell whose kernel is as wide as one of another kind',
      { 'rnn/ugrnn_cell/kernel': [9, 6], 'rnn/ugrnn_cell/bias': [6] },
      'importModel, rnn: expected a cell',
    ],
    [
      'several cells in each direction',
      {
        ...cell('bidirectional/forward_rnn/lstm_cell'),
        ...cell('bidirectional/forward_rnn/lstm_cell_1'),
        ...cell('bidirectional/backward_rnn/lstm_cell'),
        ...cell('bidirectional/backward_rnn/lstm_cell_1'),
      },
      'bidirectional: expected one cell in each direction, got 2',
    ],
    ['another parametrization', { 'a.parametrizations.weight.original': [3, 2] }, 'remove_parametrizations'],
  ])('told: %s', (_, shapes, says) => {
    expect(() => typesOf(shapes)).toThrow(ValueError)
    expect(() => typesOf(shapes)).toThrow(says)
  })

  it('what is no parameter is left out, and named', () => {
    const warnings: string[] = []
    const note = { name: 'note', dtype: '<U4', shape: [], read: () => [] }
    const seed = { name: 'dropout/seed_generator_state', dtype: 'U32', shape: [2], read: () => [1, 2] }
    const file = new Map<string, NamedTensor>([
      ...tensors({ ...table, ...head, 'Adam/dense/kernel': [2, 3] }), [note.name, note], [seed.name, seed],
    ])
    const onWarning = (message: string): void => void warnings.push(message)
    expect(importModel(file, { backend, onWarning }).names).toEqual(['embedding', 'dense'])
    expect(warnings).toEqual(
      ['Adam/dense/kernel', 'note', 'dropout/seed_generator_state'].map(
        (name) => expect.stringContaining(`${name} was left out`) as string,
      ),
    )
    expect(importModel(tensors({ ...table, ...head, step: [1] }), { backend, skip: ['step'] }).names).toEqual([
      'embedding',
      'dense',
    ])
    expect(() => importModel(tensors({ ...table, ...head }), { backend, skip: ['stepp'] })).toThrow(
      'tensors of the file to be skipped, got stepp',
    )
  })
})
