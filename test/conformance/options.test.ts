import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as browser from 'recurra/browser'
import * as disk from 'recurra/disk'
import * as npz from 'recurra/npz'
import * as onnx from 'recurra/onnx'
import * as tensorboard from 'recurra/tensorboard'
import * as terminal from 'recurra/terminal'
import * as worker from 'recurra/worker'
import * as recurra from 'recurra'
import { ConfigurationError, type Layer, type Tensor } from 'recurra'
import { afterAll, expect, it } from 'vitest'
import { complete } from './complete.ts'

const {
  backend,
  cell,
  characters,
  configOf,
  dense,
  encoderDecoder,
  javascript,
  last,
  lstm,
  meanSquaredError,
  sequences,
  sequential,
  sgd,
  Stream,
  tanh,
  tensor,
  tokens,
  Trainer,
  vector,
} = recurra
const on = javascript()
const model = sequential(vector(1), [dense(1)], { backend: on }) as Layer
const writer = sequential(tokens(3), [recurra.oneHot(), dense(3)], { backend: on })
const data = sequences({ x: [[1]], target: [[1]] })
const loss = meanSquaredError()
const y: Tensor = tensor([[[0, 1], [1, 0]]])
const job = { model: configOf(model), data: { x: [[1]], target: [[1]] }, loss: 'meanSquaredError' as const }
const text = 'to be or not to be'
const folder = mkdtempSync(join(tmpdir(), 'recurra-options-'))
afterAll(() => rmSync(folder, { recursive: true }))
await disk.saveModel(folder, model)

/** Everything that takes options: one of their names, and a call with some that are given beside those that must be. */
const takers: { readonly [name: string]: readonly [known: string, call: (options: object) => unknown] } = {
  accuracy: ['top', (o) => recurra.accuracy(o)],
  activation: ['alpha', (o) => recurra.activation('elu', o)],
  adadelta: ['learningRate', (o) => recurra.adadelta(o)],
  adagrad: ['learningRate', (o) => recurra.adagrad(o)],
  adam: ['learningRate', (o) => recurra.adam(o)],
  adamax: ['learningRate', (o) => recurra.adamax(o)],
  adamW: ['learningRate', (o) => recurra.adamW(o)],
  attention: ['units', (o) => recurra.attention({ score: 'additive', ...o })],
  backend: ['threads', (o) => backend(o)],
  beam: ['lengthPenalty', (o) => recurra.beam(writer.stream({ batch: 2 }), { prompt: [0], length: 2, ...o })],
  binaryCrossEntropy: ['reduction', (o) => recurra.binaryCrossEntropy(o)],
  bytes: ['specials', (o) => recurra.bytes(text, o)],
  cell: ['gates', (o) => cell('mine', { gates: ['a'], state: ['h'], ...o }, ({ gate }) => ({ h: tanh(gate.a) }))(3)],
  characters: ['specials', (o) => characters(text, o)],
  clipByNorm: ['p', (o) => recurra.clipByNorm(1, o)],
  configOf: ['layers', (o) => configOf(model, o)],
  cosineDecay: ['steps', (o) => recurra.cosineDecay(1, o)],
  ctc: ['labels', (o) => recurra.ctc(o)],
  ctcBeam: ['blank', (o) => recurra.ctcBeam(y, { width: 2, ...o })],
  ctcGreedy: ['blank', (o) => recurra.ctcGreedy(y, o)],
  dense: ['initializers', (o) => dense(1, o)],
  dropout: ['variational', (o) => recurra.dropout(0.5, o)],
  elementWise: ['reduction', (o) => recurra.elementWise('mine', (a, b) => a.sub(b), o)],
  embedding: ['initializers', (o) => recurra.embedding(1, o)],
  encoderDecoder: [
    'start',
    (o) =>
      encoderDecoder({
        source: tokens(2),
        encoder: [recurra.oneHot(), lstm(2)],
        target: tokens(2),
        decoder: [recurra.oneHot(), lstm(2)],
        ...o,
      }),
  ],
  evaluate: ['metrics', (o) => recurra.evaluate(model, data, { loss, ...o })],
  exponentialDecay: ['every', (o) => recurra.exponentialDecay(1, { factor: 0.5, ...o })],
  exportJavascript: [
    'tokenizer',
    (o) => recurra.exportJavascript(sequential(1, [lstm(2), dense(1)], { backend: on }), o),
  ],
  fit: ['epochs', (o) => recurra.fit(model, data, { loss, ...o })],
  greedy: ['length', (o) => recurra.greedy(writer.stream(), { prompt: [0], length: 2, ...o })],
  gru: ['reverse', (o) => recurra.gru(1, o)],
  gruResetBefore: ['reverse', (o) => recurra.gruResetBefore(1, o)],
  huber: ['delta', (o) => recurra.huber(o)],
  importModel: ['from', (o) => recurra.importModel(recurra.saveParameters(model), o)],
  indRnn: ['reverse', (o) => recurra.indRnn(1, o)],
  javascript: ['dtype', (o) => javascript(o)],
  jsonLines: ['every', (o) => recurra.jsonLines({ write: () => {} }, o)],
  klDivergence: ['reduction', (o) => recurra.klDivergence(o)],
  layerNorm: ['epsilon', (o) => recurra.layerNorm(o)],
  last: ['bidirectional', (o) => last(o)],
  layerNormLstm: ['reverse', (o) => recurra.layerNormLstm(1, o)],
  linearDecay: ['steps', (o) => recurra.linearDecay(1, o)],
  listening: ['every', (o) => recurra.listening(o, () => {})],
  loadParameters: ['layout', (o) => recurra.loadParameters(model, recurra.saveParameters(model), o)],
  lru: ['reverse', (o) => recurra.lru(1, o)],
  lstm: ['reverse', (o) => lstm(1, o)],
  meanAbsoluteError: ['reduction', (o) => recurra.meanAbsoluteError(o)],
  meanSquaredError: ['reduction', (o) => meanSquaredError(o)],
  minGru: ['reverse', (o) => recurra.minGru(1, o)],
  minLstm: ['reverse', (o) => recurra.minLstm(1, o)],
  modelOf: ['layers', (o) => recurra.modelOf(configOf(model), o)],
  multiStepDecay: ['factor', (o) => recurra.multiStepDecay(1, { milestones: [2], ...o })],
  nadam: ['learningRate', (o) => recurra.nadam(o)],
  negativeLogLikelihood: ['reduction', (o) => recurra.negativeLogLikelihood(o)],
  observe: ['loss', (o) => recurra.observe(model, { x: [1] }, o)],
  options: ['learningRate', (o) => recurra.options('mine', o, { learningRate: recurra.option.positive(1) })],
  overClasses: [
    'weights',
    (o) => recurra.overClasses('mine', o, ({ oneHot }) => ({ passes: [], each: oneHot, gradient: oneHot })),
  ],
  parametersOf: ['layout', (o) => recurra.parametersOf(model, o)],
  peepholeLstm: ['reverse', (o) => recurra.peepholeLstm(1, o)],
  predict: ['initialState', (o) => recurra.predict(model, [[1]], o)],
  prefetch: ['ahead', (o) => recurra.prefetch([1], o)],
  quantileLoss: ['quantiles', (o) => recurra.quantileLoss(o)],
  radam: ['learningRate', (o) => recurra.radam(o)],
  reduceOnPlateau: ['factor', (o) => recurra.reduceOnPlateau(1, o)],
  rmsprop: ['learningRate', (o) => recurra.rmsprop(o)],
  rnn: ['reverse', (o) => recurra.rnn(1, o)],
  rnnRelu: ['reverse', (o) => recurra.rnnRelu(1, o)],
  sample: ['length', (o) => recurra.sample(writer.stream(), { prompt: [0], length: 2, ...o })],
  saveParameters: ['layout', (o) => recurra.saveParameters(model, o)],
  sequences: ['buckets', (o) => sequences({ x: [[1]], target: [[1]], ...o })],
  sequential: ['seed', (o) => sequential(1, [dense(1)], o)],
  sgd: ['learningRate', (o) => sgd(o)],
  smoothL1: ['beta', (o) => recurra.smoothL1(o)],
  softmaxCrossEntropy: ['smoothing', (o) => recurra.softmaxCrossEntropy(o)],
  split: ['stratify', (o) => recurra.split({ x: [1, 2] }, [0.5, 0.5], o)],
  stepDecay: ['factor', (o) => recurra.stepDecay(1, { every: 2, ...o })],
  Stream: ['batch', (o) => new Stream(model, o)],
  tensor: ['dtype', (o) => tensor([1], o)],
  Trainer: ['stride', (o) => new Trainer(model, { loss, optimizer: sgd(), steps: 1, batch: 1, ...o })],
  training: ['accumulate', (o) => recurra.training(model, data, { loss, ...o })],
  VanillaRNN: ['hidden', (o) => new recurra.VanillaRNN(o as never)],
  warmUp: ['from', (o) => recurra.warmUp(2, 1, o)],
  webassembly: ['threads', (o) => recurra.webassembly(o)],
  windows: ['stride', (o) => recurra.windows([0, 1, 2], { steps: 1, batch: 1, ...o })],
  words: ['specials', (o) => recurra.words(text, o)],
  zeros: ['dtype', (o) => recurra.zeros([1], o)],

  'Sequential.stream': ['batch', (o) => writer.stream(o)],
  'Corpus.windows': ['stride', (o) => characters(text).windows({ steps: 1, batch: 1, ...o })],
  'earlyStopping of fit': [
    'patience',
    (o) => recurra.fit(model, data, { loss, validation: data, earlyStopping: { patience: 1, ...o } }),
  ],
  'checkpoints of fit': [
    'every',
    (o) => recurra.fit(model, data, { loss, checkpoints: { store: { save: async () => {} }, ...o } }),
  ],
  'clip of fit': ['norm', (o) => recurra.fit(model, data, { loss, clip: { value: 1, ...o } })],
  'backend.scope': ['profile', (o) => on.scope(() => 1, o)],

  'recurra/browser checkpointDatabase': ['keep', (o) => browser.checkpointDatabase('mine', o)],
  'recurra/disk checkpointFolder': ['keep', (o) => disk.checkpointFolder(folder, o)],
  'recurra/disk loadModel': ['layers', (o) => disk.loadModel(folder, o)],
  'recurra/disk saveModel': ['layers', (o) => disk.saveModel(folder, model, o)],
  'recurra/disk uninitializedModel': ['layers', (o) => disk.uninitializedModel(folder, o)],
  'recurra/npz readNpz': ['most', (o) => npz.readNpz(npz.writeNpz([]), o)],
  'recurra/npz writeNpz': ['compress', (o) => npz.writeNpz([], o)],
  'recurra/onnx exportOnnx': [
    'lengths',
    (o) => onnx.exportOnnx(sequential(1, [lstm(2), dense(1)], { backend: on }), o),
  ],
  'recurra/tensorboard tensorBoard': ['every', (o) => tensorboard.tensorBoard({ write: () => {} }, o)],
  'recurra/terminal Report': ['title', (o) => new terminal.Report().bar(o)],
  'recurra/worker TrainingRun': ['paused', (o) => new worker.TrainingRun(job, o)],
  'recurra/worker trainInWorker': ['signal', (o) => worker.trainInWorker(new MessageChannel().port1, job, o)],
  'job of recurra/worker': ['validation', (o) => new worker.TrainingRun({ ...job, ...o })],
}

/** What takes none, and is no maker of something that options could belong to: classes, operations on data. */
const others = [
  'abs', 'erf', 'expm1', 'log1p', 'logSoftmaxOverColumns', 'logSumExpOverColumns', 'meanOverColumns',
  'softmaxOverColumns', 'sourceFor', 'square', 'wireFor', 'Bidirectional', 'CheckpointError', 'ConfigurationError',
  'Corpus', 'EncoderDecoder', 'Expression', 'FormatError', 'Lengths', 'MemoryError', 'NotFiniteError', 'RNNLayer',
  'Random', 'RecurraError', 'Sequential', 'ShapeError', 'StorageError', 'Tokenizer', 'OptimizerState', 'ValueError',
  'Vocabulary', 'countParameters', 'decodeCheckpoint', 'describeConfusion', 'describeProfile', 'editDistance',
  'encodeCheckpoint', 'exp', 'formula', 'isRecurrentFrame', 'keras', 'namedVariables', 'log', 'max', 'min', 'mix',
  'ndarrayOf', 'nearest', 'observeRecurrent', 'paramKey', 'pytorch', 'learningRateAt', 'readSafetensors', 'readTensors',
  'recurra', 'relu', 'reportsOf', 'restoreParameters', 'scalarsOf', 'select', 'sigmoid', 'softplus', 'sqrt',
  'stageOrder', 'tanh', 'toNested', 'writeSafetensors', 'recurra/disk makeFolder', 'recurra/disk readTensorHeaders',
  'recurra/disk writeDurably', 'recurra/worker serveTraining', 'recurra/terminal UsageError',
  'recurra/terminal expectKnown', 'recurra/terminal interrupted', 'recurra/terminal number', 'recurra/terminal path',
  'recurra/terminal readBytes', 'recurra/terminal readText', 'recurra/terminal table', 'recurra/terminal wholeNumber',
]

const functionsOf = (module: object, prefix = ''): string[] =>
  Object.entries(module).filter(([, value]) => typeof value === 'function').map(([name]) => prefix + name)

it('knows of every exported function whether it takes options', () => {
  const exported = [
    ...functionsOf(recurra),
    ...functionsOf(browser, 'recurra/browser '),
    ...functionsOf(disk, 'recurra/disk '),
    ...functionsOf(npz, 'recurra/npz '),
    ...functionsOf(onnx, 'recurra/onnx '),
    ...functionsOf(tensorboard, 'recurra/tensorboard '),
    ...functionsOf(terminal, 'recurra/terminal '),
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
  expect(() => backend({ dtype: 'f64' as never })).toThrow(
    "backend: expected dtype to be one of 'float32', 'float64', got 'f64'. Did you mean float64?",
  )
  expect(() => backend({ threads: 0 })).toThrow('backend: expected threads to be an integer of at least 1, got 0.')
  expect(() => backend({ dtype: 'float64', threads: 4 })).toThrow(
    "backend: expected no other options with dtype 'float64', " +
      'which plain JavaScript computes on one thread, got threads.',
  )
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
  expect(() => sequential(1, [dense(1)], { seed: 1.5 })).toThrow('sequential: expected seed to be an integer, got 1.5.')
  expect(() => sequential(1, [dense] as never)).toThrow(
    'sequential: expected layer 0 to be a layer such as dense(2), got a function. Call it: dense(…).',
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
