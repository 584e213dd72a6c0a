import { backend, javascript, type Backend } from '@recurra/backend'
import { namedVariables, type Layer } from '@recurra/layers'
import { RecurraError } from '@recurra/tensor'
import {
  activation, adam, copyTo, dense, encoderDecoder, evaluate, exportJavascript, fit, loadParameters, lstm,
  meanSquaredError, predict, pytorch, quantize, rnn, saveParameters, sequence, sequences, sequential, sgd,
  softmaxCrossEntropy, tensor, Trainer,
} from 'recurra'
import { exportKeras } from 'recurra/keras'
import { exportOnnx, importOnnx } from 'recurra/onnx'
import { exportTfjs } from 'recurra/tfjs'
import { describe, expect, it } from 'vitest'

const large = 1e300
const double = javascript({ dtype: 'float64' })
const loss = meanSquaredError()

const modelOn = (on: Backend) => sequential(2, [lstm(3), dense(1)], { backend: on })
const data = (x = 1, target = 1) => sequences({ x: [[[1, x]]], target: [[[target]]] })
const stateOf = (value: number) => ({ '0.h': [[0, value, 0]] })
const trainer = (on: Backend, optimizer = sgd()) => new Trainer(modelOn(on), { loss, optimizer, steps: 1, batch: 1 })
const first = async (all: AsyncIterable<unknown>): Promise<unknown> => {
  for await (const one of all) return one
  return undefined
}
const biasOf = ({ params }: Layer) => new Map(namedVariables(params)).get('1.bias')!.value
const savedWith = (value: number): Uint8Array => {
  const saved = modelOn(double)
  double.write(biasOf(saved), [value])
  return saveParameters(saved)
}
const [small, huge] = [modelOn(double), modelOn(double)]
double.write(biasOf(huge), [-large])

/** Where a number enters, the place that the error names, and what is done with a model on that backend. */
const ways: readonly (readonly [what: string, where: string, enter: (on: Backend, value: number) => unknown])[] = [
  ['a step of a stream', 'step, number 1', (on, value) => modelOn(on).stream().step([1, value])],
  ['a typed array', 'step, number 0', (on, value) => modelOn(on).stream().step(Float64Array.of(value, 1))],
  ['a tensor', 'step, number 1', (on, value) =>
    modelOn(on).stream().push({ data: Float64Array.of(1, value), shape: [1, 2], stride: [2, 1], offset: 0 })],
  ['a step of a session', 'step, number 1', async (on, value) =>
    (await modelOn(on).sessions()).open().step([1, value])],
  ['the initial state of a stream', "initialState['0.h'], value 1", (on, value) =>
    modelOn(on).stream({ initialState: stateOf(value) })],
  ['setState', "setState['0.h'], value 1", (on, value) => modelOn(on).stream().setState(stateOf(value))],
  ['restore', 'restore, slot 0.h, value 1', (on, value) => {
    const stream = modelOn(on).stream()
    const saved = stream.save()
    stream.restore({ ...saved, slots: { ...saved.slots, '0.h': { ...saved.slots['0.h']!, values: [0, value, 0] } } })
  }],
  ['the source of a stream', 'encode, source 0, number 1', (on, value) => encoderDecoder({
    source: sequence(2), encoder: [lstm(3)], target: sequence(1), decoder: [lstm(3), dense(1)],
  }, { backend: on }).stream({ sourceSteps: 2 }).encode([[1, value]])],
  ['the data of fit', 'x at sequence 0, feature 1 (training step 1)', (on, value) =>
    fit(modelOn(on), data(value), { loss })],
  ['the targets of fit', 'target at sequence 0 (training step 1)', (on, value) =>
    fit(modelOn(on), data(1, value), { loss })],
  ['evaluate', 'x at sequence 0, feature 1 (batch 1)', (on, value) => evaluate(modelOn(on), data(value), { loss })],
  ['predict', 'x at sequence 0, feature 1 (batch 1)', (on, value) =>
    first(predict(modelOn(on), data(value)))],
  ['a batch of a trainer', 'x at sequence 0, feature 1 (training step 1)', (on, value) =>
    trainer(on).step({ x: [1, value], target: [1] })],
  ['an initial state of a trainer', "initialState['0.h'] at sequence 0, feature 1", (on, value) =>
    trainer(on).step({ x: [1, 2], target: [1], initialState: { '0.h': [0, value, 0] } })],
  ['a learning rate', 'learning rate at step 1', (on, value) =>
    trainer(on, sgd({ learningRate: value })).step({ x: [0, 0], target: [0] })],
  ['a constant of an optimizer', 'constants of a formula', (on, value) => trainer(on, adam({ epsilon: value }))],
  ['a constant of a layer', 'constants of a formula', (on, value) =>
    sequential(2, [activation('elu', { alpha: value })], { backend: on }).stream()],
  ['class weights', 'class weights, number 1', (on, value) =>
    new Trainer(sequential(2, [dense(2)], { backend: on }), {
      loss: softmaxCrossEntropy({ weights: [1, value] }), optimizer: sgd(), steps: 1, batch: 1,
    })],
  ['an initializer', 'dense(2) (layer 1 of Sequential: dense), number 0', (on, value) =>
    sequential(2, [dense(2, { initializers: { bias: value } })], { backend: on })],
  ['the bias of a gate', 'gateBias of lstm(2) (layer 1 of Sequential: lstm), number 0', (on, value) =>
    sequential(2, [lstm(2, { gateBias: { f: value } as never })], { backend: on })],
  ['a file', '1.bias, number 0', (on, value) => loadParameters(modelOn(on), savedWith(value))],
  ['copyTo', 'copyTo, 1.bias, number 0', (on, value) => copyTo(value === large ? huge : small, on)],
]

describe.each([backend, javascript])('on $name', (make) => {
  const on = make()
  it.each(ways)('%s: a number beyond float32 is an error that names %s', async (what, where, enter) => {
    const attempt = async (value: number, there = on): Promise<unknown> => enter(there, value)
    const error = await attempt(large).catch((one: unknown) => one)
    expect(error).toBeInstanceOf(RecurraError)
    const { message, got } = error as RecurraError
    expect(message).toContain(where)
    expect(message).toContain('a number up to 3.4028235e+38, the largest of float32')
    expect(Math.abs(Number(got))).toBe(large)
    expect(message).toContain("javascript({ dtype: 'float64' })")
    await expect(attempt(1)).resolves.not.toThrow()
    if (what !== 'a learning rate') await attempt(large, double).catch(({ got: bad }: RecurraError) =>
      expect(Number(bad)).not.toBe(large))
  })
})

it('two biases of a file that are added', () => {
  const [stored, model] = [2, 1].map((biases) => sequential(2, [rnn(1, { biases: biases as 1 | 2 })]))
  const params = new Map(namedVariables(stored!.params))
  for (const name of ['0.bias', '0.recurrentBias']) stored!.backend.write(params.get(name)!.value, [3e38])
  const file = saveParameters(stored!, { layout: pytorch })
  const before = saveParameters(model!)
  expect(() => loadParameters(model!, file, { layout: pytorch })).toThrow(/number 0: expected a number up to .* got 6/)
  expect(saveParameters(model!)).toEqual(before)
})

it('tensor, and files of float32', async () => {
  expect(() => tensor([[1, large]])).toThrow('tensor, number 1: expected a number up to')
  expect(tensor([[1, large]], { dtype: 'float64' }).get(0, 1)).toBe(large)
  for (const write of [exportOnnx, exportKeras, exportTfjs, exportJavascript] as ((model: object) => unknown)[]) {
    expect(() => write(huge), write.name).toThrow(/number 0: .*got -1e\+300\. Scale it: the file has float32 alone\./)
    expect(() => write(small)).not.toThrow()
  }
  expect(() => quantize(huge)).not.toThrow() // still float64
  expect(() => importOnnx(exportOnnx(small))).not.toThrow()
})
