import { javascript } from '@recurra/backend'
import { ValueError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { importModel } from '../import-model.ts'
import { refusedLayers } from './refused-layers.ts'

type Json = Readonly<Record<string, unknown>>

/** What an import of a model of one layer throws. */
const failureOf = async (type: string, config: Json, shape: readonly unknown[] = [null, 6, 3]): Promise<unknown> => {
  const layers = [
    { class_name: 'InputLayer', config: { batch_shape: shape, name: 'input' } },
    { class_name: type, config: { ...config, name: 'mine' } },
  ]
  const json = {
    format: 'layers-model', weightsManifest: [],
    modelTopology: { class_name: 'Sequential', keras_version: '3.6.0', config: { name: 'model', layers } },
  }
  const files = { 'model.json': new TextEncoder().encode(JSON.stringify(json)) }
  return importModel(files, { backend: javascript(), onWarning: () => {} }).catch((thrown: unknown) => thrown)
}

describe('a layer without a counterpart is an error that names it, and what to do:', () => {
  it.each(Object.entries(refusedLayers))('%s', async (type, fix) => {
    const failure = await failureOf(type, {})
    expect(failure).toBeInstanceOf(ValueError)
    expect((failure as Error).message).toBe(
      `importModel, mine: expected a layer with a counterpart, got ${type}. ${fix}`,
    )
  })

  it.each<[type: string, config: Json, says: string, shape?: readonly unknown[]]>([
    ['Mine', {}, 'a layer of the kinds Activation, ReLU'],
    ['Dot', { axes: 1 }, 'expected several inputs of Dot, got one'],
    ['Softmax', { axis: 3 }, 'expected axis: -1, the features, or 1, the steps, got 3'],
    ['Softmax', { axis: 1 }, 'expected a known number of steps, got [null, 3]', [null, null, 3]],
    ['Permute', { dims: [2, 1] }, 'expected a known number of steps, got [null, 3]. Build the', [null, null, 3]],
    ['Permute', { dims: [2, 2] }, 'expected dims: [1,2] or [2,1], got [2,2]'],
    ['GroupNormalization', { groups: 1 }, 'it normalizes over the steps of a sequence, too'],
    ['GroupNormalization', { groups: 2 }, 'a number that divides 3 features, got 2'],
    ['Flatten', {}, 'expected a known number of steps, got [null, 3]', [null, null, 3]],
    ['Reshape', { target_shape: [2, 3, 3] }, 'got [6, 3] to [2, 3, 3]'],
    ['Reshape', { target_shape: [4, -1, 1] }, 'expected a known number of steps'],
    ['ZeroPadding1D', { padding: [1, 2, 3] }, 'padding: one number of steps, or two, got [1,2,3]'],
    ['Cropping1D', { cropping: -1 }, 'cropping: one number of steps, or two, got -1'],
    ['PReLU', { shared_axes: [1, 2] }, 'shared_axes: the steps, [1], got [1,2]'],
    ['Normalization', { mean: [1, 2, 3] }, 'mean: a mean and a variance, or none, got'],
    ['Normalization', { mean: [1, 2], variance: [1, 2] }, 'mean: one number, or 3, got [1,2]'],
    ['EinsumDense', { equation: 'abc,cde->abde', output_shape: [2] }, 'equation: a product with the features'],
    ['EinsumDense', { equation: 'abc,cd->abd', output_shape: [null, 2], bias_axes: 'bd' }, 'bias_axes: d'],
    ['UnitNormalization', { axis: 1 }, 'axis: -1, the features, got 1'],
    ['Attention', { score_mode: 'concat' }, 'score_mode: "dot", got \'concat\''],
    ['Rescaling', { scale: [1, 2, 3] }, 'scale: a number, got [1,2,3]'],
    ['TimeDistributed', { layer: { class_name: 'LSTM', config: { units: 2 } } }, 'got LSTM'],
  ])('%s %o', async (type, config, says, shape) => {
    const failure = await failureOf(type, config, shape)
    expect(failure).toBeInstanceOf(ValueError)
    expect((failure as Error).message).toMatch(/^importModel, mine(, |: )/)
    expect((failure as Error).message).toContain(says)
  })
})
