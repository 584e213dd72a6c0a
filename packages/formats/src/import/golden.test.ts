import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { dense, named, sequential } from '@recurra/layers'
import { gru, lstm } from '@recurra/rnn'
import { flatValues, RecurraError, type NamedTensor } from '@recurra/tensor'
import { predict } from '@recurra/training'
import { describe, expect, it } from 'vitest'
import { readNpz } from '../npz/read-npz.ts'
import { keras } from '../frameworks/keras/keras.ts'
import { loadParameters } from '../parameters/load-parameters.ts'
import { pytorch } from '../frameworks/pytorch/pytorch.ts'
import { importModel } from './import-model.ts'
import type { ImportOptions } from './import-options.ts'

const backend = javascript({ dtype: 'float64' })

/** A file of test/golden: weights, with an input and what they make of it. */
const golden = (
  name: string,
): { readonly weights: Map<string, NamedTensor>; readonly x: NamedTensor; readonly y: NamedTensor } => {
  const weights = new Map(readNpz(readFileSync(new URL(`../../../../test/golden/${name}.npz`, import.meta.url))))
  const [x, y] = [weights.get('x')!, weights.get('y')!]
  weights.delete('x')
  weights.delete('y')
  return { weights, x, y }
}

/** The largest difference to what the other framework gives. */
const difference = async (
  model: Parameters<typeof predict>[0],
  { x, y }: ReturnType<typeof golden>,
): Promise<number> => {
  const [batch, steps] = x.shape as [number, number]
  const data = {
    steps,
    batch,
    batches: 1,
    padded: false,
    carry: false,
    epoch: () => [{ x: x.read() as Float32Array, target: [] }],
  }
  const predicted: number[] = []
  for await (const each of predict(model, data)) predicted.push(...flatValues(each.y))
  const wanted = y.read() as Float32Array
  expect(predicted.length).toBe(wanted.length)
  return Math.max(...predicted.map((value, i) => Math.abs(value - wanted[i]!)))
}

const imported = async (
  name: string,
  options: ImportOptions = {},
): Promise<{ error: number; types: string[]; warnings: string[] }> => {
  const [file, warnings] = [golden(name), [] as string[]]
  const onWarning = (message: string): void => void warnings.push(message)
  const model = await importModel(file.weights, { backend, onWarning, ...options })
  return { error: await difference(model, file), types: model.layers.map(({ type }) => type), warnings }
}

const tanh = 'its activation is taken for tanh, as no tensor tells. If it is relu, pass { relu: true }.'

describe('what others keep in their own ways gives what it gave:', () => {
  it.each<[name: string, types: string[], warned: string[]]>([
    ['tf1-lstm', ['lstm'], ['importModel, rnn: it is taken for a cell of TensorFlow 1']],
    ['tf1-gru', ['gruResetBefore'], []],
    ['tf1-rnn', ['rnn'], [tanh]],
    ['cudnn-lstm', ['lstm'], []],
    ['cudnn-gru', ['gru'], []],
    ['torch-lstmcell', ['lstm', 'lstm'], []],
    ['torch-grucell', ['gru', 'gru'], []],
    ['torch-rnncell', ['rnn', 'rnn'], [tanh, tanh]],
    ['torch-lstm-projection', ['sequential'], []],
    ['torch-weight-norm', ['lstm', 'dense'], []],
    ['torch-parametrized', ['lstm', 'dense'], []],
    ['torch-pruned', ['lstm', 'dense'], []],
  ])('%s', async (name, types, warned) => {
    const { error, warnings, ...got } = await imported(name)
    expect(got.types).toEqual(types)
    expect(error).toBeLessThan(1e-6)
    expect(warnings).toEqual(warned.map((start) => expect.stringContaining(start) as string))
    expect((await imported(name, { relu: false })).warnings).toHaveLength(warned.filter((one) => one !== tanh).length)
  })

  it('gates of Keras are taken for sigmoids, and it is said', async () => {
    const { error, warnings } = await imported('keras-hard-lstm')
    expect(error).toBeGreaterThan(1e-3)
    expect(warnings).toEqual([expect.stringMatching(
      /importModel, lstm: its gates are taken for sigmoids.* Also, its activation is taken for tanh/) as string])
    const { warnings: less } = await imported('keras-hard-lstm', { recurrentActivation: 'sigmoid' })
    expect(less).toEqual([expect.stringContaining(tanh) as string])
    const all = { recurrentActivation: 'sigmoid', relu: false } as const
    expect((await imported('keras-hard-lstm', all)).warnings).toEqual([])
  })

  it('an LSTM of Keras with relu', async () => {
    const { error, warnings } = await imported('keras-relu-lstm', { recurrentActivation: 'sigmoid', relu: true })
    expect(error).toBeLessThan(1e-6)
    expect(warnings).toEqual([])
    expect((await imported('keras-relu-lstm', { recurrentActivation: 'sigmoid' })).error).toBeGreaterThan(1e-2)
  })

  it.each([
    ['keras-hard-lstm', 'hardSigmoidKeras2'],
    ['keras3-hard-lstm', 'hardSigmoid'],
  ] as const)('%s: gates of %s', async (name, recurrentActivation) => {
    const { error, warnings } = await imported(name, { recurrentActivation, relu: false })
    expect(error).toBeLessThan(1e-6)
    expect(warnings).toEqual([])
  })

  it('gates of TensorFlow.js are asked for', async () => {
    const named = new Map(
      [...golden('keras-hard-lstm').weights].map(([name, tensor]) => [
        name.replace('lstm/lstm_cell', 'lstm_LSTM1'),
        tensor,
      ]),
    )
    await expect(importModel(named, { backend })).rejects.toThrow(RecurraError)
    await expect(importModel(named, { backend })).rejects.toThrow("Pass { recurrentActivation: 'sigmoid' }")
  })
})

describe('loadParameters takes them, too:', () => {
  it.each(['torch-weight-norm', 'torch-parametrized', 'torch-pruned'])('%s', async (name) => {
    const file = golden(name)
    const model = sequential(3, [named('rnn', lstm(4)), named('head', dense(2))], { backend })
    loadParameters(model, file.weights, { layout: pytorch })
    expect(await difference(model, file)).toBeLessThan(1e-6)
  })

  it('cells of PyTorch', async () => {
    const file = golden('torch-grucell')
    const model = sequential(3, [named('encoder.0', gru(4)), named('encoder.1', gru(4))], { backend })
    loadParameters(model, file.weights, { layout: pytorch })
    expect(await difference(model, file)).toBeLessThan(1e-6)
  })

  it('biases of CuDNN', async () => {
    const file = golden('cudnn-lstm')
    const model = sequential(3, [named('cu_dnnlstm', lstm(4))], { backend })
    loadParameters(model, file.weights, { layout: keras })
    expect(await difference(model, file)).toBeLessThan(1e-6)
  })
})
