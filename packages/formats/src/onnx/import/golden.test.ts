import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { namedVariables, Sequential, wireFor, type Layer } from '@recurra/layers'
import { ValueError } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { configOf } from '../../config/config-of.ts'
import { modelOf } from '../../config/model-of.ts'
import { importOnnx } from './import-onnx.ts'

const golden = new URL('../../../../../test/golden/', import.meta.url)
interface Golden {
  readonly shape: number[]
  readonly x: number[]
  readonly y: number[]
}
const jsonAt = (name: string): unknown => JSON.parse(readFileSync(new URL(name, golden), 'utf8'))
const { models } = jsonAt('onnx.json') as { readonly models: { readonly [name: string]: Golden } }
/** Batch-first recurrent operators, which ONNX Runtime refuses; NumPy computed them from the specification. */
const layouts = jsonAt('onnx-layout.json') as { readonly [name: string]: Golden & { readonly file: string } }
const backend = javascript()

/** The output for batch-first numbers, batch-first. */
const outputOf = (model: Layer, x: readonly number[], [batch, steps]: readonly number[]): number[] => {
  const callShape = { steps: steps!, batch: batch!, mode: 'inference' } as const
  const frame = model.plan(wireFor(model, callShape), callShape)
  const width = x.length / (batch! * steps!)
  backend.write(frame.x.value, timeMajor(x, batch!, steps!, width))
  frame.forward()
  const y = Array.from(backend.read(frame.y.value))
  return model.out.kind === 'vector' ? y : timeMajor(y, frame.callShape.steps, batch!, model.out.size)
}

/** Rows by the second index of two, then by the first. */
const timeMajor = (values: ArrayLike<number>, first: number, second: number, width: number): number[] =>
  Array.from({ length: second }, (_, t) => Array.from({ length: first }, (__, b) =>
    Array.from({ length: width }, (___, i) => values[(b * second + t) * width + i]!))).flat(2)

const layers: { readonly [name: string]: string } = {
  rnn: 'rnn dense', 'rnn-relu-both': 'bidirectional dense', 'gru-stacked': 'gru gru dense',
  'lstm-stacked-both': 'bidirectional bidirectional dense', 'lstm-no-bias': 'lstm dense',
  classifier: 'embedding bidirectional last dense activation', last: 'gru last layerNorm dense activation dense',
  convolutions: 'batchNorm convolution activation convolution activation gru dense', // the other batchNorm is folded
  residual: 'residual activation meanPool', stateful: 'lstm lstm activation',
  tcn: 'branches activation residual activation', 'two-branches': 'branches dense',
  'squeeze-and-excite': 'convolution branches',
  flattened: 'convolution activation flatten dense unflatten gru flatten dense',
  upsampled: 'convolution upSample activation transposedConvolution', 'two-embeddings': 'branches gru globalMaxPool',
  'attention-pool': 'gru attentionPool', packed: 'bidirectional bidirectional last',
  'learned-start': 'bidirectional bidirectional',
}

const unknown = 'dot-attention'
const known = Object.entries(models).filter(([name]) => name !== unknown)

it.each(known)('%s of PyTorch gives what it gives there', (name, { shape, x, y }) => {
  const model = importOnnx(readFileSync(new URL(`onnx/${name}.onnx`, golden)), { backend })
  expect(model.layers.map(({ type }) => type).join(' ')).toBe(layers[name])
  const outputs = outputOf(model, x, shape)
  expect(outputs).toHaveLength(y.length)
  outputs.forEach((value, i) => expect(value).toBeCloseTo(y[i]!, 5))

  const again = modelOf(JSON.parse(JSON.stringify(configOf(model))), { backend })
  const saved = new Map(namedVariables(model.params))
  for (const [path, { value }] of namedVariables(again.params))
    backend.write(value, backend.read(saved.get(path)!.value))
  expect(again).toBeInstanceOf(Sequential)
  expect(outputOf(again, x, shape)).toEqual(outputs)
})

it('what Recurra has no layer for is an error that names the node', () => {
  const file = readFileSync(new URL(`onnx/${unknown}.onnx`, golden))
  expect(() => importOnnx(file, { backend })).toThrow(ValueError)
  expect(() => importOnnx(file, { backend })).toThrow("MatMul '/MatMul': expected a constant as input 1, got values")
})

it.each(Object.entries(layouts))('%s with layout 1 gives what the specification says', (_, { file, shape, x, y }) => {
  const outputs = outputOf(importOnnx(Buffer.from(file, 'base64'), { backend }), x, shape)
  expect(outputs).toHaveLength(y.length)
  outputs.forEach((value, i) => expect(value).toBeCloseTo(y[i]!, 6))
})
