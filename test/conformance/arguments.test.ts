import * as recurra from 'recurra'
import { RecurraError } from 'recurra'
import { expect, it } from 'vitest'
import { complete } from './complete.ts'

it.each(Object.entries(complete))('%s refuses a further argument', (name, call) => {
  expect(call).not.toThrow()
  for (const more of [{ zzz: 1 }, 5, undefined])
    expect(() => call(more as never)).toThrow(
      new RegExp(`^${name}: expected nothing\\b.*, got (an object|5|undefined)`),
    )
})

const errorOf = async (call: () => unknown): Promise<unknown> => {
  try {
    await call()
    return undefined
  } catch (error) {
    return error
  }
}

const corpus = recurra.characters('to be or not to be')

/** Numbers that stand by themselves, not among options. */
const numeric: { readonly [name: string]: (value: never) => unknown } = {
  clipByNorm: (value) => recurra.clipByNorm(value),
  clipByValue: (value) => recurra.clipByValue(value),
  cosineDecay: (value) => recurra.cosineDecay(value),
  dense: (value) => recurra.dense(value),
  dropout: (value) => recurra.dropout(value),
  embedding: (value) => recurra.embedding(value),
  exponentialDecay: (value) => recurra.exponentialDecay(value, { factor: 0.5 }),
  linearDecay: (value) => recurra.linearDecay(value),
  multiStepDecay: (value) => recurra.multiStepDecay(value, { milestones: [2] }),
  Random: (value) => new recurra.Random(value),
  learningRateAt: (value) => recurra.learningRateAt(value, 0, 0),
  reduceOnPlateau: (value) => recurra.reduceOnPlateau(value),
  repeat: (value) => recurra.repeat(value),
  sequence: (value) => recurra.sequence(value),
  sequential: (value) => recurra.sequential(value, [recurra.dense(1)]),
  split: (value) => recurra.split({ x: [1, 2, 3] }, [value]),
  stack: (value) => recurra.stack(value, recurra.lstm(2)),
  stepDecay: (value) => recurra.stepDecay(value, { every: 2 }),
  temperature: (value) => recurra.temperature(value),
  tokens: (value) => recurra.tokens(value),
  topK: (value) => recurra.topK(value),
  topP: (value) => recurra.topP(value),
  vector: (value) => recurra.vector(value),
  'warmUp, its steps': (value) => recurra.warmUp(value, 1),
  'warmUp, its rate': (value) => recurra.warmUp(2, value),
  zeros: (value) => recurra.zeros([value]),
  'Corpus.split': (value) => corpus.split(value),
  'Vocabulary.decode': (value) => corpus.vocabulary.decode([value]),
  ...Object.fromEntries(Object.entries(recurra.cells).map(([name, make]) => [name, (value: never) => make(value)])),
}

it.each(Object.entries(numeric))('%s takes nothing for a number that is not one', async (_, call) => {
  for (const value of ['0.5', '2', null, true, [1], new Date(1), 1n, Number.NaN]) {
    expect(await errorOf(() => call(value as never)), `${typeof value} ${String(value)}`).toBeInstanceOf(RecurraError)
  }
})

const model = recurra.sequential(1, [recurra.lstm(2), recurra.last(), recurra.dense(1)])
const loss = recurra.meanSquaredError()

/** Values by name. */
const records: { readonly [name: string]: (value: never) => unknown } = {
  'initialState of sequences': (value) => recurra.sequences({ x: [[1]], target: [[1]], initialState: value }),
  'initialState of a batch': (value) =>
    new recurra.Trainer(model, { loss, optimizer: recurra.sgd(), steps: 1, batch: 1 }).step(
      { x: [1], target: [1], initialState: value }),
  'initialState of predict': (value) => recurra.predict(model, [[[1]]], { initialState: value }),
  'initialState of a stream': (value) => recurra.sequential(1, [recurra.lstm(2)]).stream({ initialState: value }),
  'setState of a stream': (value) => recurra.sequential(1, [recurra.lstm(2)]).stream().setState(value),
  'initializers of dense': (value) => recurra.sequential(1, [recurra.dense(1, { initializers: value })]),
  'gateBias of lstm': (value) => recurra.lstm(1, { gateBias: value }),
  'zoneout of lstm': (value) => recurra.lstm(1, { zoneout: value }),
  'metrics of evaluate': (value) =>
    recurra.evaluate(model, recurra.sequences({ x: [[1]], target: [[1]] }), { loss, metrics: value }),
  'metadata of saveParameters': (value) => recurra.saveParameters(model, { metadata: value }),
  'layers of configOf': (value) => recurra.configOf(model, { layers: value }),
  'options of adam': (value) => recurra.adam(value),
  'options of fit': (value) => recurra.fit(model, recurra.sequences({ x: [[1]], target: [[1]] }), value),
  'a group of adam': (value) => recurra.adam({ groups: [value] }),
  'data of split': (value) => recurra.split(value, [1]),
  'a batch': (value) => new recurra.Trainer(model, { loss, optimizer: recurra.sgd(), steps: 1, batch: 1 }).step(value),
  'restore of a Trainer': (value) =>
    new recurra.Trainer(model, { loss, optimizer: recurra.sgd(), steps: 1, batch: 1 }).restore(value),
}

it.each(Object.entries(records))('%s is a plain object', async (_, call) => {
  for (const value of [new Date(), new Map([['0.h', [[1, 2]]]]), new Set(), /x/, 'h', 3, true, [1], () => 1]) {
    const error = await errorOf(() => call(value as never))
    expect(error, Object.prototype.toString.call(value)).toBeInstanceOf(RecurraError)
  }
})
