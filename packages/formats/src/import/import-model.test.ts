import { readFileSync } from 'node:fs'
import { webassembly } from '@recurra/backend'
import { dense, embedding, layerNorm, sequential, tokens } from '@recurra/layers'
import { lstm } from '@recurra/rnn'
import { ConfigurationError, flatValues, type NamedTensor } from '@recurra/tensor'
import { predict } from '@recurra/training'
import { describe, expect, it } from 'vitest'
import { FormatError } from '../errors.ts'
import { keras } from '../frameworks/keras/keras.ts'
import { pytorch } from '../frameworks/pytorch/pytorch.ts'
import { writeNpz } from '../npz/write-npz.ts'
import { parametersOf } from '../parameters/parameters-of.ts'
import { saveParameters } from '../parameters/save-parameters.ts'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import { writeSafetensors } from '../safetensors/write-safetensors.ts'
import { writeTorch } from '../torch/write-torch.ts'
import { importModel } from './import-model.ts'
import type { ImportOptions } from './import-options.ts'

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
  const model = await importModel(tensors, { backend, recurrentActivation: 'sigmoid', onWarning: () => {}, ...options })
  const [batch, steps] = x.shape as [number, number]
  const data = {
    steps,
    batch,
    batches: 1,
    padded: false,
    carry: false,
    epoch: () => [{ x: Float64Array.from(x.read() as Float64Array, Number), target: [] }],
  }
  const values: number[] = []
  for await (const each of predict(model, data)) values.push(...flatValues(each.y))
  const expected = y.read() as Float32Array
  expect(values.length).toBe(expected.length)
  return Math.max(...values.map((value, i) => Math.abs(value - expected[i]!)))
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

  it('says which epsilon it takes', async () => {
    const warnings: string[] = []
    await importModel(saveParameters(sequential(2, [layerNorm()], { backend }), { layout: keras }), {
      backend,
      onWarning: (message) => void warnings.push(message),
    })
    expect(warnings).toEqual([
      'importModel, 0: its epsilon is taken for 1e-3, the default of Keras, as no tensor tells',
    ])
  })

  it('a bare module has no name', async () => {
    const { tensors } = readSafetensors(saveParameters(sequential(3, [lstm(4)], { backend }), { layout: pytorch }))
    const bare = new Map([...tensors].map(([name, tensor]) => [name.replace('0.', ''), tensor]))
    expect((await importModel(bare, { backend })).summary()).toContain('lstm')
  })

  it('the last step can be all that is passed on, also where layers have numbers for names', async () => {
    const file = saveParameters(sequential(tokens(9), [embedding(4), lstm(5), dense(2)], { backend }), {
      layout: pytorch,
    })
    expect((await importModel(file, { backend, last: true })).names).toEqual(['0', '1', 'last', '2'])
  })

  it('the paths of Keras are understood', async () => {
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
    const model = await importModel(new Map([...tensors].map(([name, tensor]) => [paths[name]!, tensor])), {
      backend,
      last: true,
      recurrentActivation: 'sigmoid',
    })
    expect(model.layers.map(({ type }) => type)).toEqual(['embedding', 'lstm', 'last', 'dense'])
    expect(model.out).toEqual({ kind: 'vector', size: 2 })
  })

  it('files of tensors are read by content, under any name', async () => {
    const model = sequential(3, [lstm(4)], { backend })
    const tensors = parametersOf(model, { layout: pytorch })
    for (const file of [writeSafetensors(tensors), writeNpz(tensors), writeTorch(tensors)])
      for (const given of [file, { 'model.bin': file }, new Map([['model.bin', file]])])
        expect((await importModel(given, { backend })).layers.map(({ type }) => type)).toEqual(['lstm'])
  })

  it.each<[what: string, given: unknown, says: string]>([
    ['an ArrayBuffer', new ArrayBuffer(8), 'importModel: expected bytes as a Uint8Array'],
    ['a file that is one', { 'model.json': new ArrayBuffer(8) }, 'importModel, model.json: expected bytes'],
    ['a path', 'model.keras', 'importModel: expected bytes'],
    ['nothing', undefined, 'importModel: expected bytes'],
    ['a tensor without read', new Map([['w', { dtype: 'F32', shape: [1], values: [1] }]]), "'w' to be a tensor: {"],
  ])('what is not bytes is an error: %s', async (_, given, says) => {
    await expect(importModel(given as Uint8Array, { backend })).rejects.toThrow(ConfigurationError)
    await expect(importModel(given as Uint8Array, { backend })).rejects.toThrow(says)
  })

  it.each([
    ['no files', {}, 'got no files'],
    ['several', { 'a.bin': Uint8Array.of(1), 'b.bin': Uint8Array.of(2) }, 'got a.bin, b.bin'],
  ])('what is not the files of one model is an error: %s', async (_, files, says) => {
    await expect(importModel(files, { backend })).rejects.toThrow(FormatError)
    await expect(importModel(files, { backend })).rejects.toThrow(says)
  })
})
