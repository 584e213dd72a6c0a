import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as browser from 'recurra/browser'
import * as disk from 'recurra/disk'
import * as npz from 'recurra/npz'
import * as onnx from 'recurra/onnx'
import * as tensorboard from 'recurra/tensorboard'
import * as terminal from 'recurra/terminal'
import * as torch from 'recurra/torch'
import * as worker from 'recurra/worker'
import * as recurra from 'recurra'
import { listening } from 'recurra/authoring'
import type { Backend, Layer, Tensor } from 'recurra'
import { afterAll } from 'vitest'
import { recurrentTakers } from './recurrent-takers.ts'

const {
  backend, characters, configOf, dense, encoderDecoder, javascript, last, lstm, meanSquaredError, sequences,
  readTensors, sequential, sgd, Stream, tensor, tokens, Trainer, vector,
} = recurra
export const on: Backend = javascript()
export const model: Layer = sequential(vector(1), [dense(1)], { backend: on }) as Layer
const writer = sequential(tokens(3), [recurra.oneHot(), dense(3)], { backend: on })
const data = sequences({ x: [[1]], target: [[1]] })
const loss = meanSquaredError()
const y: Tensor = tensor([[[0, 1], [1, 0]]])
const job = { model: configOf(model), data: { x: [[1]], target: [[1]] }, loss: 'meanSquaredError' as const }
const processAlone = { rank: 0, size: 1, allReduce: () => undefined, abort: () => undefined }
const text = 'to be or not to be'
const folder = mkdtempSync(join(tmpdir(), 'recurra-options-'))
afterAll(() => rmSync(folder, { recursive: true }))
await disk.saveModel(folder, model)

/** Everything that takes options: one of their names, and a call with some that are given beside those that must be. */
export const takers: { readonly [name: string]: readonly [known: string, call: (options: object) => unknown] } = {
  ...recurrentTakers,
  accuracy: ['top', (o) => recurra.accuracy(o)],
  activation: ['alpha', (o) => recurra.activation('elu', o)],
  adadelta: ['learningRate', (o) => recurra.adadelta(o)],
  adagrad: ['learningRate', (o) => recurra.adagrad(o)],
  adam: ['learningRate', (o) => recurra.adam(o)],
  adamax: ['learningRate', (o) => recurra.adamax(o)],
  adamW: ['learningRate', (o) => recurra.adamW(o)],
  attention: ['units', (o) => recurra.attention({ score: 'additive', ...o })],
  averagePool: ['countIncludePad', (o) => recurra.averagePool({ kernel: 2, ...o })],
  backend: ['threads', (o) => backend(o)],
  batchNorm: ['momentum', (o) => recurra.batchNorm(o)],
  beam: ['lengthPenalty', (o) => recurra.beam(writer.stream({ batch: 2 }), { prompt: [0], length: 2, ...o })],
  binaryCrossEntropy: ['reduction', (o) => recurra.binaryCrossEntropy(o)],
  branches: ['merge', (o) => recurra.branches([[dense(2)], [dense(2)]], o)],
  bytes: ['specials', (o) => recurra.bytes(text, o)],
  characters: ['specials', (o) => characters(text, o)],
  clipByNorm: ['p', (o) => recurra.clipByNorm(1, o)],
  configOf: ['layers', (o) => configOf(model, o)],
  crop: ['after', (o) => recurra.crop(o)],
  convolution: ['dilation', (o) => recurra.convolution(2, { kernel: 2, ...o })],
  cosineDecay: ['steps', (o) => recurra.cosineDecay(1, o)],
  ctc: ['labels', (o) => recurra.ctc(o)],
  ctcBeam: ['blank', (o) => recurra.ctcBeam(y, { width: 2, ...o })],
  ctcGreedy: ['blank', (o) => recurra.ctcGreedy(y, o)],
  dense: ['initializers', (o) => dense(1, o)],
  dropout: ['variational', (o) => recurra.dropout(0.5, o)],
  elementWise: ['reduction', (o) => recurra.elementWise('mine', (a, b) => a.sub(b), o)],
  elementWiseLayer: [
    'initializers',
    (o) => recurra.elementWiseLayer('mine', { slope: 0.25 }, (x, { slope }) => x.mul(slope))(o),
  ],
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
  exportJavascript: ['tokenizer', (o) => recurra.exportJavascript(sequential(1, [dense(1)], { backend: on }), o)],
  formulaLayer: ['slices', (o) => recurra.formulaLayer(['neg', 'x0'], o)],
  fit: ['epochs', (o) => recurra.fit(model, data, { loss, ...o })],
  greedy: ['length', (o) => recurra.greedy(writer.stream(), { prompt: [0], length: 2, ...o })],
  huber: ['delta', (o) => recurra.huber(o)],
  importModel: ['from', (o) => recurra.importModel(recurra.saveParameters(model), o)],
  javascript: ['dtype', (o) => javascript(o)],
  jsonLines: ['every', (o) => recurra.jsonLines({ write: () => {} }, o)],
  klDivergence: ['reduction', (o) => recurra.klDivergence(o)],
  layerNorm: ['epsilon', (o) => recurra.layerNorm(o)],
  quantize: ['keep', (o) => recurra.quantize(model as recurra.Sequential, o)],
  last: ['bidirectional', (o) => last(o)],
  lastAndMeanPool: ['bidirectional', (o) => recurra.lastAndMeanPool(o)],
  linearDecay: ['steps', (o) => recurra.linearDecay(1, o)],
  listening: ['every', (o) => listening(o, () => {})],
  loadParameters: ['layout', (o) => recurra.loadParameters(model, recurra.saveParameters(model), o)],
  DataParallel: ['localSteps', (o) => new recurra.DataParallel(processAlone, o)],
  masking: ['value', (o) => recurra.masking(o)],
  maxPool: ['stride', (o) => recurra.maxPool({ kernel: 2, ...o })],
  meanAbsoluteError: ['reduction', (o) => recurra.meanAbsoluteError(o)],
  meanSquaredError: ['reduction', (o) => meanSquaredError(o)],
  modelOf: ['layers', (o) => recurra.modelOf(configOf(model), o)],
  multiHeadAttention: ['window', (o) => recurra.multiHeadAttention(2, o)],
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
  pad: ['after', (o) => recurra.pad(o)],
  predict: ['initialState', (o) => recurra.predict(model, [[1]], o)],
  prefetch: ['ahead', (o) => recurra.prefetch([1], o)],
  quantileLoss: ['quantiles', (o) => recurra.quantileLoss(o)],
  radam: ['learningRate', (o) => recurra.radam(o)],
  reduceOnPlateau: ['factor', (o) => recurra.reduceOnPlateau(1, o)],
  rmsNorm: ['epsilon', (o) => recurra.rmsNorm(o)],
  rmsprop: ['learningRate', (o) => recurra.rmsprop(o)],
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
  transposedConvolution: ['stride', (o) => recurra.transposedConvolution(2, { kernel: 2, ...o })],
  VanillaRNN: ['hidden', (o) => new recurra.VanillaRNN(o as never)],
  warmUp: ['from', (o) => recurra.warmUp(2, 1, o)],
  webassembly: ['threads', (o) => recurra.webassembly(o)],
  windows: ['stride', (o) => recurra.windows([0, 1, 2], { steps: 1, batch: 1, ...o })],
  words: ['specials', (o) => recurra.words(text, o)],
  zeros: ['dtype', (o) => recurra.zeros([1], o)],

  'Sequential.stream': ['batch', (o) => writer.stream(o)],
  'Corpus.windows': ['stride', (o) => characters(text).windows({ steps: 1, batch: 1, ...o })],
  'earlyStopping of fit': ['patience', (o) =>
    recurra.fit(model, data, { loss, validation: data, earlyStopping: { patience: 1, ...o } })],
  'checkpoints of fit': [
    'every',
    (o) => recurra.fit(model, data, { loss, checkpoints: { store: { save: async () => {} }, ...o } }),
  ],
  'clip of fit': ['norm', (o) => recurra.fit(model, data, { loss, clip: { value: 1, ...o } })],
  'backend.scope': ['profile', (o) => on.scope(() => 1, o)],

  timeDistributed: ['features', (o) => recurra.timeDistributed([last()], o)],
  'recurra/browser checkpointDatabase': ['keep', (o) => browser.checkpointDatabase('mine', o)],
  'recurra/disk checkpointFolder': ['keep', (o) => disk.checkpointFolder(folder, o)],
  'recurra/disk loadModel': ['layers', (o) => disk.loadModel(folder, o)],
  'recurra/disk saveModel': ['layers', (o) => disk.saveModel(folder, model, o)],
  'recurra/disk uninitializedModel': ['layers', (o) => disk.uninitializedModel(folder, o)],
  'recurra/npz readNpz': ['most', (o) => npz.readNpz(npz.writeNpz([]), o)],
  'recurra/npz writeNpz': ['compress', (o) => npz.writeNpz([], o)],
  'recurra/onnx importOnnx': ['inputs', (o) => onnx.importOnnx(onnx.exportOnnx(model as never), o)],
  'recurra/onnx exportOnnx': ['lengths', (o) => onnx.exportOnnx(sequential(1, [dense(1)], { backend: on }), o)],
  'recurra/tensorboard tensorBoard': ['every', (o) => tensorboard.tensorBoard({ write: () => {} }, o)],
  'recurra/terminal Report': ['title', (o) => new terminal.Report().bar(o)],
  'recurra/disk readModelFiles': ['key', (o) => disk.readModelFiles(join(folder, 'model.safetensors'), o)],
  'recurra/disk readTensorHeaders': ['key', (o) => disk.readTensorHeaders(join(folder, 'model.safetensors'), o)],
  readTensors: ['key', (o) => readTensors(torch.writeTorch([]), o)],
  'recurra/torch readTorch': ['key', (o) => torch.readTorch(torch.writeTorch([]), o)],
  'recurra/worker TrainingRun': ['paused', (o) => new worker.TrainingRun(job, o)],
  'recurra/worker trainInWorker': ['signal', (o) => worker.trainInWorker(new MessageChannel().port1, job, o)],
  'job of recurra/worker': ['validation', (o) => new worker.TrainingRun({ ...job, ...o })],
}
