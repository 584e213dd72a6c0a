import * as browser from 'recurra/browser'
import * as disk from 'recurra/disk'
import * as keras from 'recurra/keras'
import * as npz from 'recurra/npz'
import * as onnx from 'recurra/onnx'
import * as tensorboard from 'recurra/tensorboard'
import * as terminal from 'recurra/terminal'
import * as tfjs from 'recurra/tfjs'
import * as torch from 'recurra/torch'
import * as worker from 'recurra/worker'
import * as recurra from 'recurra'
import { ConfigurationError } from 'recurra'
import { expect, it } from 'vitest'
import { complete } from './complete.ts'
import { model, on, takers } from './takers.ts'

const { backend, dense, javascript, last, lstm, meanSquaredError, sequential, sgd, vector } = recurra

/** What takes none, and is no maker of something that options could belong to: classes, operations on data. */
const others = [
  'abs', 'erf', 'expm1', 'log1p', 'logSoftmaxOverColumns', 'logSumExpOverColumns', 'meanOverColumns',
  'softmaxOverColumns', 'sourceFor', 'square', 'wireFor', 'Bidirectional', 'CheckpointError', 'ConfigurationError',
  'Corpus', 'EncoderDecoder', 'Expression', 'FormatError', 'Branches', 'Lengths', 'MemoryError', 'NotFiniteError',
  'RNNLayer', 'Random', 'RecurraError', 'Residual', 'AttentionPool', 'Sequential', 'ShapeError', 'StorageError',
  'TimeDistributed', 'Tokenizer',
  'ValueError',
  'Vocabulary', 'copyTo', 'countParameters', 'decodeCheckpoint', 'describeConfusion', 'describeProfile', 'editDistance',
  'encodeCheckpoint', 'exp', 'formula', 'keras', 'namedVariables', 'log', 'max', 'min', 'mix',
  'ndarrayOf', 'nearest', 'observeRecurrent', 'planLoss', 'pytorch', 'learningRateAt', 'readSafetensors',
  'recurra', 'relu', 'isQuantized', 'reportsOf', 'restoreParameters', 'select', 'sigmoid', 'softplus', 'sqrt',
  'tanh', 'toNested', 'writeSafetensors', 'recurra/disk makeFolder', 'recurra/torch writeTorch',
  'recurra/tfjs exportTfjs', 'recurra/keras exportKeras',
  'recurra/disk orStorageError', 'recurra/disk writeDurably', 'recurra/worker serveTraining',
  'recurra/terminal UsageError',
  'recurra/terminal expectKnownFlags', 'recurra/terminal interrupted', 'recurra/terminal number',
  'recurra/terminal path', 'QueueFullError',
  'recurra/terminal readBytes', 'recurra/terminal readText', 'recurra/terminal table', 'recurra/terminal integer',
]

const functionsOf = (module: object, prefix = ''): string[] =>
  Object.entries(module).filter(([, value]) => typeof value === 'function').map(([name]) => prefix + name)

it('knows of every exported function whether it takes options', () => {
  const exported = [
    ...functionsOf(recurra),
    ...functionsOf(browser, 'recurra/browser '),
    ...functionsOf(disk, 'recurra/disk '),
    ...functionsOf(keras, 'recurra/keras '),
    ...functionsOf(npz, 'recurra/npz '),
    ...functionsOf(onnx, 'recurra/onnx '),
    ...functionsOf(tensorboard, 'recurra/tensorboard '),
    ...functionsOf(terminal, 'recurra/terminal '),
    ...functionsOf(tfjs, 'recurra/tfjs '),
    ...functionsOf(torch, 'recurra/torch '),
    ...functionsOf(worker, 'recurra/worker '),
  ]
  const listed = [...others, ...Object.keys(takers), ...Object.keys(complete)]
  const unlisted = exported.filter((name) => !listed.includes(name))
  expect(unlisted, 'put these into one of the two lists, or into that of complete.ts').toEqual([])
  expect(new Set(listed).size, 'no name stands twice').toBe(listed.length)
  expect(others.filter((name) => !exported.includes(name)), 'these are gone').toEqual([])
})

/** The error of a call, of what it promises, or of the first item that it yields. */
const errorOf = async (call: () => unknown): Promise<unknown> => {
  try {
    const made = await call()
    if (typeof (made as AsyncGenerator | undefined)?.next === 'function') await (made as AsyncGenerator).next()
  } catch (error) {
    return error
  }
  return undefined
}

it.each(Object.entries(takers))(
  '%s refuses an option that is not known, and names the nearest one',
  async (_, [known, call]) => {
    const unknown = await errorOf(() => call({ zzz: 1 }))
    expect(unknown).toBeInstanceOf(ConfigurationError)
    expect((unknown as Error).message).toMatch(/got zzz\b/)
    const misspelt = `${known}${known.at(-1)}`
    const near = await errorOf(() => call({ [misspelt]: 1 }))
    expect(near).toBeInstanceOf(ConfigurationError)
    expect((near as Error).message).toContain(`got ${misspelt}. Did you mean ${known}?`)
  },
)

it('options are an object', async () => {
  for (const wrong of [null, 3, 'fast', [1]] as unknown as object[])
    for (const make of [
      backend, javascript, recurra.webassembly, sgd, recurra.adam, recurra.ctc, recurra.softmaxCrossEntropy,
      meanSquaredError,
    ])
      expect(() => (make as (options: object) => unknown)(wrong), `${make.name}(${String(wrong)})`).toThrow(
        ConfigurationError,
      )
})

it('values that are invalid are refused, with those that do', () => {
  expect(() => javascript({ dtype: 'f64' as never })).toThrow(
    "javascript: expected dtype to be one of 'float32', 'float64', got 'f64'. Did you mean float64?",
  )
  expect(() => backend({ threads: 0 })).toThrow('backend: expected threads to be an integer of at least 1, got 0.')
  expect(() => recurra.webassembly({ memory: -1 })).toThrow(
    'webassembly: expected memory to be an integer of at least 1, got -1.',
  )
  expect(() => recurra.webassembly({ multiplyAdd: 'fast' as never })).toThrow(
    "expected multiplyAdd to be one of 'fused', 'separate', got 'fast'",
  )
  expect(() => javascript({ formulas: 'eval' as never })).toThrow(
    "expected formulas to be one of 'compiled', 'interpreted'",
  )
  expect(() => meanSquaredError({ reduction: 'average' as never })).toThrow("got 'average'. Did you mean mean?")
  expect(() => sequential(1, [dense(1)], { sed: 1 } as never)).toThrow(
    'sequential: expected a known option, got sed. Did you mean seed?',
  )
  expect(() => sequential(1, [dense(1)], { backend: javascript as never })).toThrow(
    'sequential: expected backend to be a backend, such as backend(), got a function. Call it: javascript().',
  )
  expect(() => sequential(1, [dense(1)], { backend: Promise.resolve(javascript()) as never })).toThrow(
    'got a Promise. Await it: { backend: await webgpu() }.',
  )
  expect(() => sequential(1, [dense(1)], { seed: 1.5 })).toThrow('sequential: expected seed to be an integer, got 1.5.')
  expect(() => sequential(1, [dense] as never)).toThrow(
    'sequential: expected layer 0 to be a layer such as dense(2), got a function. Call it, as in dense(2).',
  )
  expect(() => sequential(1, [dense(1), model] as never)).toThrow(
    'sequential: expected layer 1 to be a layer such as dense(2), got a model that is built.',
  )
  expect(() => sequential(1, dense(1) as never)).toThrow('sequential: expected a list of layers')
  expect(() => sequential('tokens' as never, [dense(1)] as never)).toThrow(
    'sequential: expected an input: tokens(size), vector(features), or the number of features of a sequence',
  )
  expect(() => recurra.stack(2, lstm as never)).toThrow(
    'stack: expected layer 0 to be a layer such as dense(2), got a function. Call it',
  )
  expect(() => recurra.named(3 as never, last())).toThrow('named: expected a name and a layer, got 3.')
  expect(() =>
    dense(2, { initializers: { weight: { uniform: 1, normal: 1 } as never } }).build(vector(1), {
      backend: on,
      random: new recurra.Random(1),
    }),
  ).toThrow('expected a number, or one of uniform, normal, ')
})
