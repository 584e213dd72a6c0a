import { readFileSync } from 'node:fs'
import { javascript, webassembly, type Backend } from '@recurra/backend'
import {
  dense, embedding, layerNorm, sequence, Sequential, stack, tokens, type Blueprint, type Layer, type Sequence,
  type Signal,
} from '@recurra/layers'
import { bidirectional, gru, gruResetBefore, lstm, rnn, rnnRelu } from '@recurra/rnn'
import { flatValues, Random, type NamedTensor } from '@recurra/tensor'
import { predict } from '@recurra/training'
import { describe, expect, it } from 'vitest'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import { keras } from '../frameworks/keras/keras.ts'
import type { ParameterLayout } from './layout.ts'
import { loadParameters } from './load-parameters.ts'
import { pytorch } from '../frameworks/pytorch/pytorch.ts'
import { saveParameters } from './save-parameters.ts'

interface Golden { readonly x: NamedTensor; readonly y: NamedTensor; readonly tensors: Map<string, NamedTensor> }
const golden = (name: string): Golden => {
  const tensors = new Map(
    readSafetensors(readFileSync(new URL(`../../../../test/golden/${name}.safetensors`, import.meta.url))).tensors,
  )
  const [x, y] = [tensors.get('x')!, tensors.get('y')!]
  tensors.delete('x')
  tensors.delete('y')
  return { x, y, tensors }
}

const outputFor = async (layer: Layer, x: NamedTensor): Promise<number[]> => {
  const [batch, steps] = x.shape as [number, number]
  const one = { x: Float64Array.from(x.read() as Float64Array, Number), target: [] }
  const values: number[] = []
  for await (const { y } of predict(layer, {
    steps,
    batch,
    batches: 1,
    padded: false,
    carry: false,
    epoch: () => [one],
  }))
    values.push(...Array.from(flatValues(y)))
  return values
}

const check = async (
  name: string,
  layout: ParameterLayout,
  input: Signal,
  blueprints: readonly Blueprint[],
  backend: Backend,
): Promise<void> => {
  const { x, y, tensors } = golden(name)
  const model = new Sequential(input, blueprints, { backend, random: new Random(1) })
  loadParameters(model, tensors, { layout })

  const [values, expected] = [await outputFor(model, x), y.read() as Float64Array]
  expect(values.length).toBe(expected.length)
  // what the peer rounds in float32, and what this backend does; Node 22 and later round it otherwise than 20
  const limit = backend.dtype === 'float64' ? 1e-6 : 2e-6
  values.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(limit))

  const saved = readSafetensors(
    saveParameters(model, { layout, dtype: [...tensors.values()][0]!.dtype as 'F32' }),
  ).tensors
  expect([...saved.keys()].sort()).toEqual([...tensors.keys()].sort())
  for (const [key, { dtype, shape, read }] of tensors) {
    expect(saved.get(key)!.shape, key).toEqual(shape)
    if (backend.dtype === 'float64' || dtype === 'F32') expect(saved.get(key)!.read(), key).toEqual(read())
  }
}

const backends: readonly (readonly [string, () => Backend])[] = [
  ['webassembly', () => webassembly()],
  ['javascript in float64', () => javascript({ dtype: 'float64' })],
]
const both = (make: typeof lstm | typeof gru): Blueprint =>
  bidirectional((o) => make(4, o) as Blueprint<Sequence, Sequence<4>>)

describe.each(backends)('on %s', (_, make) => {
  const torch: readonly [string, Blueprint][] = [
    ['torch-rnn', rnn(4)], ['torch-rnn-relu', rnnRelu(4)], ['torch-lstm', lstm(4)], ['torch-lstm-both', both(lstm)],
    ['torch-gru', both(gru)], ['torch-gru-no-bias', gru(4, { biases: 0 })],
  ]
  it.each(torch)('%s: the state dict gives the same outputs, and is written as it was', async (name, layer) => {
    await check(name, pytorch, tokens(7), [embedding(5), stack(2, layer), layerNorm(), dense(3)], make())
  })

  const ofTfjs: readonly [string, Blueprint][] = [
    ['tfjs-rnn', rnn(4, { biases: 1 })],
    ['tfjs-lstm', lstm(4, { biases: 1 })],
    ['tfjs-gru', gruResetBefore(4, { biases: 1 })],
    [
      'tfjs-lstm-both',
      bidirectional((o) => lstm(4, { ...o, biases: 1 }) as Blueprint<Sequence, Sequence<4>>) as Blueprint,
    ],
  ]
  it.each(ofTfjs)(
    '%s: whole models of tfjs-layers, which has the weights of Keras, give the same outputs',
    async (name, layer) => {
      await check(name, keras, tokens(7), [embedding(5), stack(2, layer), layerNorm(), dense(3)], make())
    },
  )

  const ofKeras: readonly [string, Blueprint][] = [
    ['keras-rnn', rnn(4, { biases: 1 })],
    ['keras-lstm', lstm(4, { biases: 1 })],
    ['keras-gru', gru(4)],
    ['keras-gru-reset-before', gruResetBefore(4, { biases: 1 })],
  ]
  it.each(ofKeras)('%s: the weights give the same outputs, and are written as they were', async (name, layer) => {
    await check(name, keras, sequence(3), [layer], make())
  })
})
