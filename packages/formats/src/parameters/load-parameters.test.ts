import { javascript } from '@recurra/backend'
import { dense, namedVariables, sequential, type Blueprint, type Layer } from '@recurra/layers'
import { bidirectional, gruResetBefore, lstm, peepholeLstm } from '@recurra/rnn'
import { ConfigurationError, ShapeError, ValueError, type NamedTensor, type NamedTensors } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import { keras } from '../frameworks/keras/keras.ts'
import { loadParameters } from './load-parameters.ts'
import { pytorch } from '../frameworks/pytorch/pytorch.ts'
import { saveParameters } from './save-parameters.ts'

const backend = javascript()
const model = (seed: number, units = 3): Layer =>
  sequential(2, [bidirectional((o) => lstm(units, o)), dense(1)], { backend, seed }) as Layer
const numbers = (layer: Layer): unknown[] => namedVariables(layer.params).map(([, { value }]) => backend.read(value))

it('gives a model the parameters that were saved, to the bit', () => {
  const [from, to] = [model(1), model(2)]
  loadParameters(to, saveParameters(from))
  expect(numbers(to)).toEqual(numbers(from))
})

it('half precision is close', () => {
  const [from, to] = [model(1), model(2)]
  loadParameters(to, saveParameters(from, { dtype: 'F16' }))
  expect((numbers(to) as number[][]).flatMap((a) => [...a])).toEqual(
    (numbers(from) as number[][]).flatMap((a) => Array.from(a, (v) => expect.closeTo(v, 3) as number)),
  )
})

describe('what does not fit is told by name, and changes nothing:', () => {
  const saved = readSafetensors(saveParameters(model(1))).tensors
  const changed = (name: string, change: Partial<NamedTensor>): NamedTensors =>
    new Map([...saved].map(([key, tensor]) => [key, key === name ? { ...tensor, ...change } : tensor]))
  const without = (name: string): NamedTensors => new Map([...saved].filter(([key]) => key !== name))
  const misfits: readonly [what: string, Parameters<typeof loadParameters>[1], typeof ShapeError, says: string][] = [
    ['another shape', saveParameters(model(1, 4)), ShapeError, '0.forward.weight: expected shape [2, 12], got [2, 16]'],
    ['a missing one', without('1.bias'), ValueError, 'each parameter of the model, 1.bias too, got none of that name'],
    ['a strange one', new Map([...saved, ['2.weight', saved.get('1.bias')!]]), ValueError, 'no place for: 2.weight'],
    ['names of PyTorch', saveParameters(model(1), { layout: pytorch }), ValueError, '{ layout: pytorch }'],
    [
      'integers',
      changed('1.bias', { dtype: 'I32' }),
      ValueError,
      '1.bias: expected numbers of type F64, F32, F16, BF16, got I32',
    ],
    [
      'a number that is not finite',
      changed('1.bias', { read: () => Float32Array.of(Number.NaN) }),
      ValueError,
      '1.bias, number 0: expected a finite number, got NaN',
    ],
  ]
  it.each(misfits)('%s', (_, file, error, says) => {
    const layer = model(2)
    const before = numbers(layer)
    expect(() => loadParameters(layer, file)).toThrow(error)
    expect(() => loadParameters(layer, file)).toThrow(says)
    expect(numbers(layer)).toEqual(before)
  })
})

it.each<[what: string, given: unknown, says: string]>([
  ['a list', [], 'expected the bytes of a file, or a map of tensors by name, got'],
  ['an object', { '0.weight': [1] }, 'or a map of tensors by name'],
  ['a map of numbers', new Map([['0.weight', [1]]]), "'0.weight' to be a tensor: { name, dtype, shape, read }"],
])('what is no map of tensors is an error: %s', (_, given, says) => {
  const load = (): void => loadParameters(sequential(2, [dense(3)], { backend }) as Layer, given as NamedTensors)
  expect(load).toThrow(ConfigurationError)
  expect(load).toThrow(says)
})

describe('what another framework does not have is told when it is saved:', () => {
  const save = (layout: typeof pytorch, blueprint: Blueprint): (() => unknown) => () =>
    saveParameters(sequential(2, [blueprint] as readonly Blueprint[], { backend }) as Layer, { layout })
  it.each([
    ['peepholes', pytorch, peepholeLstm(3) as Blueprint, 'a layer that PyTorch has, too'],
    ['peepholes', keras, peepholeLstm(3) as Blueprint, 'a layer that Keras has, too'],
    ['a reset before the product', pytorch, gruResetBefore(3) as Blueprint, 'a layer that PyTorch has, too'],
  ] as const)('%s', (_, layout, blueprint, says) => {
    expect(save(layout, blueprint)).toThrow(ConfigurationError)
    expect(save(layout, blueprint)).toThrow(says)
  })
})
