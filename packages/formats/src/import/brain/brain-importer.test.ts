import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { describe, expect, it } from 'vitest'
import { configOf } from '../../config/config-of.ts'
import { modelOf } from '../../config/model-of.ts'
import { importModel } from '../import-model.ts'

const backend = javascript()
interface Case { readonly kind: string; readonly json: object; readonly x: number[]; readonly y: number[] }
const cases = JSON.parse(
  readFileSync(new URL('../../../../../test/golden/brain-models.json', import.meta.url), 'utf8'),
) as Case[]
const imported = (json: object): ReturnType<typeof importModel> =>
  importModel(new TextEncoder().encode(JSON.stringify(json)), { backend })

describe('a network of brain.js gives the scores that it gave there, step by step:', () => {
  it.each(cases.map((one) => [one.kind, one] as const))('%s', async (_, { json, x, y }) => {
    const model = await imported(json)
    const stream = model.stream()
    const width = x.length / 6
    for (let step = 0; step < 6; step++) {
      const input = x.slice(step * width, (step + 1) * width)
      const got = backend.read(stream.step(width === 1 ? input[0]! : input))
      got.forEach((value, i) => expect(Math.abs(value - y[step * got.length + i]!)).toBeLessThan(1e-6))
    }
    expect(configOf(modelOf(configOf(model), { backend }))).toEqual(configOf(model))
  })
})

const { json: first } = cases.find(({ kind }) => kind === 'RNN')!
it.each<[what: string, json: object, says: string]>([
  ['a network without time', { type: 'NeuralNetwork', sizes: [2, 3, 1] }, 'got NeuralNetwork'],
  ['a matrix that is cut off', { ...first, output: { rows: 6, columns: 1, weights: [1] } },
    'expected 6 weights, got 1'],
  ['a matrix without sizes', { ...first, output: { weights: [1] } }, 'output.rows'],
  ['no input matrix', { ...first, input: undefined }, 'with a matrix input'],
  ['a layer of another type', { ...first, hiddenLayers: [{ other: { rows: 1, columns: 1, weights: [0] } }] },
    'hiddenLayers.0'],
  ['sizes that do not fit', { ...first, outputConnector: { rows: 6, columns: 1, weights: [1, 2, 3, 4, 5, 6] } },
    'output.weight'],
])('is refused: %s', async (_, json, says) => {
  await expect(imported(json)).rejects.toThrow(says)
})
