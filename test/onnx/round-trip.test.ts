import { javascript } from '@recurra/backend'
import { exportOnnx, importOnnx } from '@recurra/formats/onnx'
import { quantize } from '@recurra/rnn'
import { Random, ValueError } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { cases, type Model } from './models.ts'
import { outputOf } from './output-of.ts'

const backend = javascript()
const typesOf = ({ layers }: Pick<Model, 'layers'>): string[] =>
  layers.flatMap((layer) =>
    'layers' in layer ? typesOf(layer as Model) : layer.type === 'dropout' ? [] : [layer.type])

/** Each step as a sequence of its own: an import does not find it in the graph. */
const isInChunks = (name: string): boolean => name.startsWith('chunks')
/** Steps as features, which an import refuses. */
const isTransposed = (name: string): boolean => name === 'weights of steps'
const named = cases.filter(({ name }) => !isInChunks(name) && !isTransposed(name))
  .map((one) => [one.name, one] as const)
it.each(named)('%s: an exported model comes back', async (name, { make, options }) => {
  const model = make({ seed: 3, backend }) as Model
  const back = importOnnx(exportOnnx(model, options), { backend })
  // A convolution of one step is a dense layer, a product of two branches is gated, an rnn with ReLU is an rnn with an
  // activation, the activation linear is none, and export may add a softmax.
  const types = [...typesOf(model), ...(options.softmax ? ['activation'] : [])]
  const alike = (some: readonly string[]): string =>
    some.slice(0, name === 'linear' ? 1 : undefined).join(' ')
      .replaceAll('dense', 'convolution').replaceAll('gated', 'branches').replaceAll('rnnRelu', 'rnn')
  expect(alike(typesOf(back))).toBe(alike(types))

  const [random, batch, steps] = [new Random(5), 3, 6]
  const { kind, size } = model.in
  const x = Array.from({ length: batch * (kind === 'vector' ? 1 : steps) * (kind === 'tokens' ? 1 : size) }, () =>
    kind === 'tokens' ? random.integer(size) : random.normal())
  const call = { batch, steps, ...(options.lengths && { lengths: [6, 2, 4] }) }
  const given = await outputOf(back, x, call, false)
  const expected = await outputOf(model, x, call, options.softmax === true)
  expect(given).toHaveLength(expected.length)
  given.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6))
})

it('a quantized model comes back with its weights in float32', () => {
  const { make } = cases.find(({ name }) => name === 'text')!
  const small = quantize(make({ seed: 3, backend }) as never) as unknown as Model
  expect(typesOf(importOnnx(exportOnnx(small), { backend }))).toEqual(typesOf(small))
})

it('steps that become features are an error that names the node', () => {
  const { make } = cases.find(({ name }) => isTransposed(name))!
  const file = exportOnnx(make({ seed: 3, backend }) as Model)
  expect(() => importOnnx(file, { backend })).toThrow("MatMul 'MatMul': expected to work along the features")
})

it.each(cases.filter(({ name }) => isInChunks(name) && !name.includes('vector')))(
  '$name: what an import does not find is an error that names the node', ({ make, options }) => {
    const file = exportOnnx(make({ seed: 3, backend }) as Model, options)
    expect(() => importOnnx(file, { backend })).toThrow(ValueError)
    expect(() => importOnnx(file, { backend })).toThrow("Reshape 'Reshape': expected a shape")
  },
)
