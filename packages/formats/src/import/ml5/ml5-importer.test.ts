import { javascript } from '@recurra/backend'
import { describe, expect, it } from 'vitest'
import { FormatError } from '../../errors.ts'
import { readNpz } from '../../npz/read-npz.ts'
import { readFileSync } from 'node:fs'
import { importModel } from '../import-model.ts'

const backend = javascript()
/** The variables of a charRNN over 5 characters. */
const shapes: { readonly [name: string]: readonly number[] } = {
  embedding: [5, 4],
  'rnnlm/multi_rnn_cell/cell_0/basic_lstm_cell/bias': [12],
  'rnnlm/multi_rnn_cell/cell_0/basic_lstm_cell/kernel': [7, 12],
  'rnnlm/multi_rnn_cell/cell_1/basic_lstm_cell/bias': [12],
  'rnnlm/multi_rnn_cell/cell_1/basic_lstm_cell/kernel': [6, 12],
  'rnnlm/softmax_b': [5],
  'rnnlm/softmax_w': [3, 5],
}
const bytesOf = (values: Float32Array): Uint8Array => new Uint8Array(values.buffer)
const manifest = (of: { readonly [name: string]: readonly number[] }): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(Object.fromEntries(
    Object.entries(of).map(([name, shape]) => [name, { filename: name.replaceAll('/', '_'), shape }]),
  )))
const files = {
  ...Object.fromEntries(Object.entries(shapes).map(([name, shape]) =>
    [name.replaceAll('/', '_'), bytesOf(new Float32Array(shape.reduce((a, b) => a * b)).fill(0.1))])),
  'manifest.json': manifest(shapes),
}

describe('a charRNN of ml5', () => {
  it('has the layers that its names and shapes tell', async () => {
    const warnings: string[] = []
    const model = await importModel(files, { backend, onWarning: (message) => void warnings.push(message) })
    expect(model.layers.map(({ type, out: { size } }) => [type, size])).toEqual([
      ['embedding', 4], ['lstm', 3], ['lstm', 3], ['dense', 5],
    ])
    expect(warnings.filter((one) => one.includes('forget_bias'))).toHaveLength(2)
  })

  it('comes with a vocabulary and a learning rate, as ml5 writes it; all sizes are equal', async () => {
    const lstm = (cell: number): object => {
      const path = `rnnlm/multi_rnn_cell/cell_${cell}/basic_lstm_cell`
      return { [`${path}/kernel`]: [8, 16], [`${path}/bias`]: [16] }
    }
    const of = {
      embedding: [5, 4], ...lstm(0), ...lstm(1), 'rnnlm/softmax_b': [5], 'rnnlm/softmax_w': [4, 5],
    } as { readonly [name: string]: readonly number[] }
    const all = Object.entries({ Variable: [], ...of }).map(([name, shape]) =>
      [name.replaceAll('/', '_'), bytesOf(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.1))])
    const vocabulary = new TextEncoder().encode('{ " ": 0, "a": 1, "b": 2, "c": 3, "d": 4 }')
    const given = {
      'vocab.json': vocabulary, 'manifest.json': manifest({ Variable: [], ...of }),
      ...(Object.fromEntries(all) as Record<string, Uint8Array>),
    }
    const warnings: string[] = []
    const model = await importModel(given, { backend, onWarning: (message) => void warnings.push(message) })
    expect(model.layers.map(({ type, out: { size } }) => [type, size])).toEqual([
      ['embedding', 4], ['lstm', 4], ['lstm', 4], ['dense', 5],
    ])
    expect(warnings[0]).toContain('Variable was left out')
  })

  it('has the values of its files', async () => {
    const path = new URL('../../../../../test/golden/tf1-lstm.npz', import.meta.url)
    const tensors = [...readNpz(readFileSync(path))].filter(([name]) => name !== 'x' && name !== 'y')
    const all = Object.fromEntries(tensors.map(([name, tensor]) =>
      [name.replaceAll('/', '_'), bytesOf(Float32Array.from(tensor.read() as ArrayLike<number>))]))
    const json = manifest(Object.fromEntries(tensors.map(([name, { shape }]) => [name, shape])))
    const given = { backend, onWarning: () => {} }
    const [here, there] = [
      await importModel({ ...all, 'manifest.json': json }, given), await importModel(new Map(tensors), given),
    ]
    const x = Array.from({ length: here.in.size }, (_, i) => Math.sin(i))
    expect(backend.read(here.stream().step(x))).toEqual(backend.read(there.stream().step(x)))
  })

  it.each<[what: string, files: Record<string, Uint8Array>, says: string]>([
    ['a missing file', { 'manifest.json': files['manifest.json'] }, 'the file embedding'],
    ['a file that is cut off', { ...files, embedding: new Uint8Array(79) }, 'with 80 bytes, got 79'],
    ['a shape that is none', { 'manifest.json': manifest({ a: [-1] }) }, 'manifest.json, a.shape'],
  ])('is refused with %s', async (_, some, says) => {
    await expect(importModel(some, { backend })).rejects.toThrow(FormatError)
    await expect(importModel(some, { backend })).rejects.toThrow(says)
  })
})
