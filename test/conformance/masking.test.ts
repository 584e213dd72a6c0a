import { javascript } from '@recurra/backend'
import {
  averagePool, batchNorm, convolution, dense, embedding, globalMaxPool, layerNorm, Lengths, masking, maxPool,
  multiHeadAttention, tokens, unmask, wireFor,
  type Blueprint,
} from '@recurra/layers'
import {
  bidirectional, gru, last, lstm, mamba2, meanPool, mLstm, rwkv7, rwkv7ChannelMix,
} from '@recurra/rnn'
import { describeLayer } from '@recurra/testing/vitest'
import { ConfigurationError, flatValues } from '@recurra/tensor'
import {
  evaluate, fit, meanSquaredError, namedVariables, predict, sequences, sequential, sgd, type Sequential,
} from 'recurra'
import { expect, it } from 'vitest'
import { fast as backends } from './backends.ts'

describeLayer('masking', () => masking(), { backends })
describeLayer('unmask', () => unmask())

const backend = javascript({ dtype: 'float64' })
/** Gaps at the beginning, in the middle and at the end. */
const x = [[[0.1], [9], [0.3], [0.4]], [[9], [0.2], [0.5], [9]], [[0.1], [0.6], [-0.2], [0.3]]]
const mask = x.map((row) => row.map(([value]) => Number(value !== 9)))
const target = x.map((row) => row.map(([value]) => [value! / 2]))
const parameters = (model: Sequential): number[] =>
  namedVariables(model.params).flatMap(([, { value }]) => [...model.backend.read(value)])

it.each<[what: string, layers: readonly unknown[]]>([
  ['both directions', [bidirectional((options) => lstm(3, options))]],
  ['a matrix state', [dense(4), mLstm(4), mamba2(4)]],
  ['token shift', [dense(64), rwkv7(64), rwkv7ChannelMix()]],
  ['attention', [dense(4), multiHeadAttention(2), lstm(3)]],
  ['windows', [
    convolution(3, { kernel: 2, padding: 'causal' }), averagePool({ kernel: 2, stride: 1, padding: 'same' }),
  ]],
  ['norms', [dense(3), batchNorm(), layerNorm(), gru(3)]],
])('training with masked values is training with a mask: loss, gradients and metrics of %s', async (_, layers) => {
  const made = (...before: readonly unknown[]): Sequential =>
    sequential(1, [...before, ...layers, dense(1)] as readonly Blueprint[], { backend }) as Sequential
  const [computed, given] = [made(masking({ value: 9 })), made()]
  const loss = meanSquaredError()
  const all = { loss, optimizer: sgd({ learningRate: 0.1 }), steps: 3 }
  await fit(computed, sequences({ x, target }), all)
  await fit(given, sequences({ x, mask, target }), all)
  expect(parameters(computed)).toEqual(parameters(given).map((value) => expect.closeTo(value, 12) as number))
  const [found, passed] = [
    await evaluate(computed, sequences({ x, target }), { loss }),
    await evaluate(given, sequences({ x, mask, target }), { loss }),
  ]
  expect(found.loss).toBeCloseTo(passed.loss, 12)
})

/** Two sequences, of which only the first step of the first one is real. */
it.each<[what: string, layer: unknown, y: number[]]>([
  ['maxPool', maxPool({ kernel: 2 }), [-0.1, 0, 0, 0]],
  ['maxPool with padding', maxPool({ kernel: 3, stride: 1, padding: 1 }), [-0.1, 0, -0.1, 0, 0, 0, 0, 0]],
  ['maxPool of many steps', maxPool({ kernel: 9, stride: 2, padding: 4 }), [-0.1, 0, -0.1, 0]],
  ['averagePool', averagePool({ kernel: 2 }), [-0.1, 0, 0, 0]],
  ['globalMaxPool', globalMaxPool(), [-0.1, 0]],
  ['meanPool', meanPool(), [-0.1, 0]],
])('%s of no real step is 0, and takes no gradient', (_, layer, y) => {
  const model = sequential(1, [layer] as readonly Blueprint[], { backend })
  const lengths = new Lengths(backend, 4, 2)
  lengths.setRows((row) => row === 0)
  const [steps, batch] = [4, 2]
  const wire = wireFor(model, { steps, batch }, true)
  const frame = model.plan(wire, { steps, batch, mode: 'training', lengths })
  backend.write(frame.x.value, [-0.1, 1, 2, 3, 4, 5, 6, 7])
  frame.forward()
  expect([...backend.read(frame.y.value)].map((value) => value + 0)).toEqual(y) // -0 + 0 is 0
  backend.write(frame.y.grad, new Float64Array(y.length).fill(1))
  frame.backward()
  expect([...backend.read(frame.x.grad)].slice(1)).toEqual([0, 0, 0, 0, 0, 0, 0])
})

it('lengths of the batch remain, and a mean is over what neither masks', async () => {
  const model = sequential(1, [masking({ value: 9 }), meanPool()], { backend })
  const data = sequences({ x: [[[1], [9], [3]], [[5]]], target: [[0], [0]], batch: 2 })
  for await (const { y } of predict(model, data)) expect(flatValues(y)).toEqual([2, 5])
})

it('a stream keeps its state at masked steps', async () => {
  const model = sequential(1, [masking({ value: 9 }), gru(3), lstm(2)], { backend })
  const whole = flatValues(await predict(model, x.slice(0, 1)))
  const stream = model.stream()
  expect(x[0]!.flatMap((step) => flatValues(stream.step(step)))).toEqual(whole.map((value) =>
    expect.closeTo(value, 12) as number))
})

it('a sequence that is masked as a whole gives the initial state', async () => {
  const model = sequential(tokens(3), [masking(), embedding(2), lstm(3), last()], { backend })
  expect(flatValues(await predict(model, [[0, 0], [1, 0]])).slice(0, 3)).toEqual([0, 0, 0])
})

it('behind unmask, masked steps are read like others, unless the batch has lengths', async () => {
  const model = sequential(1, [masking({ value: 9 }), unmask(), meanPool()], { backend })
  expect(flatValues(await predict(model, [[[1], [9], [2]]]))).toEqual([1]) // masked steps are 0
  expect([...(await predict(model, [[[1], [9], [2]], [[9], [4]]])).data]).toEqual([1, 2])
})

it('segments are refused, as what is masked is known for whole sequences', async () => {
  const model = sequential(1, [masking(), lstm(2), dense(1)], { backend })
  const options = { loss: meanSquaredError(), optimizer: sgd(), steps: 1, recompute: 2 }
  await expect(fit(model, sequences({ x, target }), options)).rejects.toThrow('got masking (layer 0)')
})

it.each<[what: string, make: () => unknown, says: string]>([
  ['a value that is no token', () => sequential(tokens(3), [masking({ value: 3 }), embedding(2)]),
    'from 0 to 2, got 3'],
  ['an asynchronous backend', () => {
    const later = Object.create(backend, { answersLater: { value: true } }) as typeof backend
    const x = { value: backend.zeros([2, 1, 1]), grad: backend.zeros([0]) }
    sequential(1, [masking()], { backend: later }).plan(x, { steps: 2, batch: 1, mode: 'inference' })
  }, 'expected a backend that reads at once'],
])('%s is an error', (_, make, says) => {
  expect(make).toThrow(ConfigurationError)
  expect(make).toThrow(says)
})
