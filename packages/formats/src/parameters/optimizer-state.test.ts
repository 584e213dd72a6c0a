import { sizeOf, type NamedTensors } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { importModel } from '../import/import-model.ts'

const tensors = (shapes: { readonly [name: string]: readonly number[] }): NamedTensors =>
  new Map(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      { name, dtype: 'F32', shape, read: () => new Float32Array(sizeOf(shape)) },
    ]),
  )
const table = { 'embedding/embeddings:0': [5, 4] }
const dense = { 'dense/kernel:0': [4, 3], 'dense/bias:0': [3] }

describe('the state of an optimizer is told by what it mirrors, not by its name:', () => {
  const importedFrom = async (
    shapes: { readonly [name: string]: readonly number[] },
  ): Promise<{ readonly names: readonly string[]; readonly left: readonly string[] }> => {
    const left: string[] = []
    const { names } = await importModel(tensors(shapes), {
      recurrentActivation: 'sigmoid', relu: false,
      onWarning: (message) => void left.push(/: (\S+) was left out/.exec(message)?.[1] ?? message),
    })
    return { names, left }
  }

  it.each(['adam', 'momentum', 'sgd', 'optimizer', 'adam_1', 'nadam', 'iteration', 'seed_generator', 'learning_rate'])(
    'a layer called %s is taken',
    async (name) => {
      expect(await importedFrom({ ...table, [`${name}/kernel:0`]: [4, 3], [`${name}/bias:0`]: [3] })).toEqual({
        names: ['embedding', name],
        left: [],
      })
    },
  )

  it.each(['adam', 'momentum'])('a recurrent layer called %s is taken beside one of another name', async (name) => {
    const lstm = (path: string): { readonly [name: string]: readonly number[] } => ({
      [`${path}/lstm_cell/kernel:0`]: [4, 16],
      [`${path}/lstm_cell/recurrent_kernel:0`]: [4, 16],
      [`${path}/lstm_cell/bias:0`]: [16],
    })
    const file = { ...lstm('lstm_1'), ...lstm(name), ...dense }
    const { names } = await importModel(tensors(file), {
      recurrentActivation: 'sigmoid', relu: false,
      order: ['lstm_1', name, 'dense'],
      onWarning: (message) => expect.fail(message),
    })
    expect(names).toEqual(['lstm_1', name, 'dense'])
  })

  it.each<[what: string, state: { readonly [name: string]: readonly number[] }]>([
    ['TensorFlow 1', { 'dense/kernel/Adam': [4, 3], 'dense/kernel/Adam_1': [4, 3], beta1_power: [], global_step: [] }],
    ['Keras 2', { 'Adam/m/dense/kernel:0': [4, 3], 'Adam/v/dense/bias:0': [3], 'Adam/iter:0': [] }],
    ['the h5 of Keras 2', { 'training/SGD/dense/kernel/momentum:0': [4, 3], 'training/SGD/decay:0': [] }],
    ['Keras 2.0', { 'training/Adam/Variable:0': [4, 3], 'training/Adam/Variable_1:0': [3], 'training/Adam/lr:0': [] }],
    ['Keras 3', { 'adam/dense_kernel_momentum': [4, 3], 'adam/dense_bias_velocity': [3], 'adam/learning_rate': [] }],
    ['Keras 3 with the name of the model', { 'adam/sequential_dense_kernel_momentum': [4, 3] }],
    [
      'the .weights.h5 of Keras 3',
      { 'optimizer/vars/0': [], 'optimizer/vars/1': [], 'optimizer/vars/2': [4, 3], 'optimizer/vars/3': [3] },
    ],
  ])('that of %s is left out, and named', async (_, state) => {
    const { names, left } = await importedFrom({ ...table, ...dense, ...state })
    expect(names).toEqual(['embedding', 'dense'])
    expect(left).toEqual(Object.keys(state))
  })

  it('what mirrors nothing is an error, not left out', async () => {
    await expect(importedFrom({ ...table, ...dense, 'adam/dense_kernel_momentum': [7, 3] })).rejects.toThrow(
      'importModel, adam: expected layers of the kinds',
    )
  })
})
