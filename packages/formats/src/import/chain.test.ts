import { webassembly } from '@recurra/backend'
import { dense, embedding, named, sequential, tokens, type Blueprint } from '@recurra/layers'
import { gru, lstm, rnn } from '@recurra/rnn'
import { ValueError, type NamedTensor } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { keras } from '../frameworks/keras/keras.ts'
import type { ParameterLayout } from '../parameters/layout.ts'
import { pytorch } from '../frameworks/pytorch/pytorch.ts'
import { saveParameters } from '../parameters/save-parameters.ts'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import { importModel } from './import-model.ts'

const backend = webassembly()

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
  ] as const)('is told: %s', async (_, tensors, options, says) => {
    await expect(importModel(tensors, { backend, ...options })).rejects.toThrow(ValueError)
    await expect(importModel(tensors, { backend, ...options })).rejects.toThrow(says)
  })

  it('can be said: the order', async () => {
    const model = await importModel(twins, { backend, order: ['e', 'right', 'left', 'fc'] })
    expect(model.names).toEqual(['e', 'right', 'left', 'fc'])
  })

  it('is warned of, with every order that fits, where that of the file is taken', async () => {
    const all = readSafetensors(twins).tensors
    const unsorted = new Map(['e', 'right', 'left', 'fc'].flatMap((layer) =>
      [...all].filter(([name]) => name.startsWith(`${layer}.`))))
    const warnings: string[] = []
    const model = await importModel(unsorted, { backend, onWarning: (message) => void warnings.push(message) })
    expect(model.names).toEqual(['e', 'right', 'left', 'fc'])
    expect(warnings).toEqual([expect.stringContaining("{ order: ['e', 'left', 'right', 'fc'] }") as string])
  })

  it('follows from numbers in names', async () => {
    const layers = ['10', '9', '11', '12'].sort((a, b) => Number(a) - Number(b))
    const numbers = file(
      pytorch,
      ...[embedding(4), lstm(4), lstm(4), dense(9)].map((blueprint, i) => called(layers[i]!, blueprint as Blueprint)),
    )
    expect((await importModel(numbers, { backend })).names).toEqual(layers)
  })
})
