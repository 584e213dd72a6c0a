import { webassembly } from '@recurra/backend'
import { sizeOf, type NamedTensor, type NamedTensors } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { importModel } from '../../import/import-model.ts'
import type { ImportOptions } from '../../import/import-options.ts'

const backend = webassembly()

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
  const typesOf = async (
    shapes: { readonly [name: string]: readonly number[] }, options: ImportOptions = {},
  ): Promise<string> => {
    const given = { backend, recurrentActivation: 'sigmoid', onWarning: () => {}, ...options } as const
    return (await importModel(tensors(shapes), given)).layers.map(({ type }) => type).join(' ')
  }

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
  ])('%s', async (_, shapes, types) => expect(await typesOf(shapes)).toBe(types))

  it('what is no parameter is left out, and named', async () => {
    const warnings: string[] = []
    const note = { name: 'note', dtype: '<U4', shape: [], read: () => [] }
    const seed = { name: 'dropout/seed_generator_state', dtype: 'U32', shape: [2], read: () => [1, 2] }
    const file = new Map<string, NamedTensor>([
      ...tensors({ ...table, ...head, 'Adam/dense/kernel': [2, 3] }), [note.name, note], [seed.name, seed],
    ])
    const onWarning = (message: string): void => void warnings.push(message)
    expect((await importModel(file, { backend, onWarning })).names).toEqual(['embedding', 'dense'])
    expect(warnings).toEqual(
      ['Adam/dense/kernel', 'note', 'dropout/seed_generator_state'].map(
        (name) => expect.stringContaining(`${name} was left out`) as string,
      ),
    )
    expect((await importModel(tensors({ ...table, ...head, step: [1] }), { backend, skip: ['step'] })).names).toEqual([
      'embedding',
      'dense',
    ])
    await expect(importModel(tensors({ ...table, ...head }), { backend, skip: ['stepp'] })).rejects.toThrow(
      'tensors of the file to be skipped, got stepp',
    )
  })
})
