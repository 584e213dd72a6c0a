import { javascript } from '@recurra/backend'
import { ValueError } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { modelOfConfig } from './model-of-config.ts'

// What these layers give, where it can be expressed, is compared with TensorFlow.js: test/golden/tfjs_models.mjs.

interface Layer { readonly class_name: string; readonly config: object; readonly inbound_nodes: readonly unknown[] }
const layer = (type: string, name: string, from: readonly string[], config: object = {}): Layer => ({
  class_name: type, config: { ...config, name }, inbound_nodes: [from.map((one) => [one, 0, 0, {}])],
})
const activations = { activation: 'tanh', recurrent_activation: 'sigmoid' }
const backward = { ...activations, units: 2, go_backwards: true, return_sequences: true }
const input = { class_name: 'InputLayer', config: { batch_input_shape: [null, 6, 3], name: 'x' }, inbound_nodes: [] }
const lstm = layer('LSTM', 'back', ['x'], backward)

const weights = {
  of: (_: unknown, groups: readonly { readonly names: readonly string[] }[]) => groups.map(({ names }) =>
    names.map((name) => ({ name, dtype: 'F32', shape: [0], read: () => new Float32Array(0) }))),
  done() {},
  size: 0,
}

const failureOf = (layers: readonly Layer[]): unknown => {
  const config = {
    name: 'model', layers: [input, ...layers],
    input_layers: [['x', 0, 0]], output_layers: [[(layers.at(-1)!.config as { name: string }).name, 0, 0]],
  }
  const options = { backend: javascript(), onWarning: () => {} }
  try {
    return modelOfConfig({ class_name: 'Functional', config }, () => weights, options as never, { major: 2 } as never)
  } catch (error) {
    return error
  }
}

const fix = 'Use Bidirectional, whose backward outputs are in the order of the input.'
const first = 'expected steps in their order, got the last one first, as back with go_backwards returns them.'

it.each<readonly [what: string, layers: readonly Layer[], says: string]>([
  ['the output of the model', [lstm], `output: ${first}`],
  ['a layer that reads neighboring steps', [lstm, layer('Conv1D', 'conv', ['back'], {
    filters: 2, kernel_size: 2, activation: 'tanh',
  })],
    `conv: ${first}`],
  ['a layer that reads steps by their place', [lstm, layer('Flatten', 'flat', ['back'])], `flat: ${first}`],
  ['both directions', [lstm, layer('Bidirectional', 'both', ['back'], {
    layer: { class_name: 'LSTM', config: { ...activations, units: 2 } },
  })], `both: ${first}`],
  ['branches in different orders', [
    lstm, layer('LSTM', 'forth', ['x'], { ...backward, go_backwards: false }), layer('Add', 'add', ['forth', 'back']),
  ], `add: ${first}`],
  ['a mask', [layer('Masking', 'masks', ['x']), layer('LSTM', 'back', ['masks'], backward)],
    'back: expected no mask, which Keras would not reverse with the steps, got go_backwards and a mask.'],
])('steps in reverse order are an error for %s', (_, layers, says) => {
  const failure = failureOf(layers)
  expect(failure).toBeInstanceOf(ValueError)
  expect((failure as Error).message).toBe(`importModel, ${says} ${fix}`)
})
