import { javascript, type Backend } from '@recurra/backend'
import {
  accuracy, bidirectional, cells, dense, dropout, embedding, evaluate, last, layerNorm, lstm, matrixCell, named,
  namedVariables, predict, sequences, sequential, sigmoid, softmaxCrossEntropy, stack, tokens, wireFor, type Blueprint,
  type Layer,
} from 'recurra'
import { expect, it } from 'vitest'

/** A backend that counts the numbers for which memory is taken. */
const counting = (): { readonly backend: Backend; readonly taken: () => number } => {
  const inner = javascript()
  let numbers = 0
  const backend: Backend = {
    ...inner,
    zeros(shape) {
      numbers += shape.reduce((count, size) => count * size, 1)
      return inner.zeros(shape)
    },
  }
  return { backend, taken: () => numbers }
}

const gates = { row: ['q', 'k'], column: ['v'], scalar: ['a'] } as const
const memory = matrixCell('memory', gates, ({ S, gate: { q, k, v, a } }) => {
  const next = S.mul(sigmoid(a)).add(k.mul(v))
  return { S: next, y: q.mul(next) }
})

const streaming: Readonly<Record<string, readonly Blueprint[]>> = {
  ...Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, [cell(4)]])),
  'lstm, projected, with noise': [lstm(4, { projection: 2, zoneout: { c: 0.1 }, recurrentDropout: 0 })],
  'a matrix per head': [memory({ heads: 2, rows: 2, columns: 3 })],
  'layers of rows': [layerNorm(), dropout(0.1), dense(4)],
  'a stack': [stack(2, lstm(4))],
}
const whole: Readonly<Record<string, readonly Blueprint[]>> = {
  ...streaming,
  'both directions': [bidirectional((options) => lstm(4, options))],
}

const modelOn = (backend: Backend, layers: readonly Blueprint[]): Layer =>
  sequential(tokens(5), [named('table', embedding(3)), ...layers, last(), dense(3)] as never, { backend }) as never
const data = sequences({ x: [[0, 1, 2], [3, 4]], target: [0, 2] })

/** Gradients take their memory when they are first read: all of it then, if nothing took it before. */
const expectNoGradients = (model: Layer, taken: () => number): void => {
  for (const [path, variable] of namedVariables(model.params)) {
    const before = taken()
    const size = variable.grad.shape.reduce((count, one) => count * one, 1)
    expect(taken() - before, path).toBe(size)
  }
}

it.each(Object.entries(whole))('predict and evaluate take no memory for gradients: %s', async (_, layers) => {
  const { backend, taken } = counting()
  const model = modelOn(backend, layers)
  const parameters = namedVariables(model.params).reduce((sum, [, { value }]) => sum + value.data.length, 0)
  expect(taken()).toBe(parameters) // building one takes memory for its parameters alone
  await predict(model, [[0, 1, 2], [3, 4]])
  await evaluate(model, data, { loss: softmaxCrossEntropy(), metrics: { accuracy: accuracy() } })
  const callShape = { steps: 3, batch: 2, mode: 'inference' } as const
  const { y, initial, final } = model.plan(wireFor(model, callShape), callShape)
  const slots = [...namedVariables(initial), ...namedVariables(final)].map(([, slot]) => slot)
  for (const { grad } of [y, ...slots]) expect(grad.data.length).toBe(0)
  expectNoGradients(model, taken)
})

it.each(Object.entries(streaming))('streams take no memory for gradients: %s', (_, layers) => {
  const { backend, taken } = counting()
  const model = sequential(tokens(5), [embedding(3), ...layers, dense(3)] as never, { backend })
  const stream = model.stream()
  for (const token of [0, 1, 2]) stream.step(token)
  expectNoGradients(model as unknown as Layer, taken)
})
