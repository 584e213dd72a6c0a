import { webassembly } from '@recurra/backend'
import { ShapeError, sizeOf, ValueError, type NamedTensors } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { importModel } from './import-model.ts'
import type { ImportOptions } from './import-options.ts'

const backend = webassembly()

describe('what names and shapes do not tell, or tell amiss,', () => {
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
  const typesOf = async (
    shapes: { readonly [name: string]: readonly number[] }, options: ImportOptions = {},
  ): Promise<string> => {
    const given = { backend, recurrentActivation: 'sigmoid', onWarning: () => {}, ...options } as const
    return (await importModel(tensors(shapes), given)).layers.map(({ type }) => type).join(' ')
  }

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
      'a pruned weight twice', { 'a.weight': [3, 2], 'a.weight_orig': [3, 2], 'a.weight_mask': [3, 2] },
      'each weight once',
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
  ])('is an error: %s', async (_, shapes, says) => {
    await expect(typesOf(shapes)).rejects.toThrow(ValueError)
    await expect(typesOf(shapes)).rejects.toThrow(says)
  })

  it('is an error: parts of a weight that do not fit', async () => {
    await expect(typesOf({ 'a.weight_orig': [3, 2], 'a.weight_mask': [3, 1] })).rejects.toThrow(ShapeError)
    await expect(typesOf({ 'a.weight_g': [2, 1], 'a.weight_v': [3, 2] })).rejects.toThrow('expected a size per row')
  })
})
