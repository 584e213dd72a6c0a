import { javascript, type Backend } from '@recurra/backend'
import { attention, dense, dropout, embedding, encoderDecoder, named, oneHot, sequential, tokens } from 'recurra'
import { configOf, decodeCheckpoint, loadParameters } from '@recurra/formats'
import { namedVariables, type Layer, type Variable } from '@recurra/layers'
import { bidirectional, greedy, gru, last, lstm, rnn } from '@recurra/rnn'
import { ConfigurationError } from '@recurra/tensor'
import { TrainingRun, type TrainingJob } from 'recurra/worker'
import { describe, expect, it } from 'vitest'
import {
  accuracy, adam, ctc, evaluate, fit, meanSquaredError, NotFiniteError, perplexity, predict, sequences,
  softmaxCrossEntropy, Trainer, type Checkpoint,
} from '@recurra/training'
import { device } from './device.ts'

const here = (): Backend => javascript({ dtype: 'float64' })
/** The same on the host and on the device. */
const both = <T>(run: (backend: Backend) => Promise<T>): Promise<T[]> =>
  Promise.all([here(), device().backend].map(run))

const layers = () => [rnn(3), dense(1)] as const
const batches = [0.1, 0.4, 0.7].map((x) => ({ x: [x, -x, 0.2, x], target: [x, x / 2, 0, -x] }))
const optimizer = adam({ learningRate: 0.1 })
const options = { loss: meanSquaredError(), optimizer, clip: { norm: 0.1 }, steps: 2, batch: 2, carry: true }
const modelOn = (backend: Backend) => sequential(1, layers(), { backend, seed: 1 })
const valuesOf = ({ parameters, optimizerState, carried }: Checkpoint): unknown[] =>
  [...parameters, ...optimizerState, ...carried.state].map(({ name, read }) => [name, [...(read() as Float64Array)]])

const words = ['to be', 'or not', 'to be that'].map((word) => [...word].map((letter) => letter.charCodeAt(0) % 7))
const language = (backend: Backend) => sequential(tokens(7), [oneHot(), lstm(4), dense(7)], { backend })
const next = sequences({ x: words.map((w) => w.slice(0, -1)), target: words.map((w) => w.slice(1)), batch: 2 })
const translator = (backend: Backend) =>
  encoderDecoder({
    source: tokens(7), encoder: [embedding(3), bidirectional((options) => gru(2, options)), dropout(0.1)],
    target: tokens(7), decoder: [embedding(3), gru(4), attention({ score: 'additive' }), dense(7)],
  }, { backend })

describe('a backend that answers later', () => {
  it('trains to the same bits, and is read once in a step', async () => {
    const { backend, asked } = device()
    const [now, slow] = [new Trainer(modelOn(here()), options), new Trainer(modelOn(backend), options)]
    for (const batch of batches) {
      const before = asked()
      expect(await slow.stepAsync(batch)).toBe(now.step(batch))
      expect(asked() - before).toBe(1)
      expect(slow.gradientNorm).toBe(now.gradientNorm)
    }
    for (const batch of batches) expect(await slow.addAsync(batch)).toBe(now.add(batch))
    expect(await slow.updateAsync()).toBe(now.update())
    now.add(batches[0]!)
    await slow.addAsync(batches[0]!)
    expect(await slow.stepAsync(batches[1]!)).toBe(now.step(batches[1]!))
  })

  it('is what a worker trains on, with the same checkpoints, and parameters that are read', async () => {
    const job: TrainingJob = {
      model: configOf(modelOn(here()) as unknown as Layer), data: { x: [[[0], [1]]], target: [[[0], [1]]] },
      loss: 'meanSquaredError', steps: 4,
    }
    const [now, slow] = await both(async (backend) => {
      const run = new TrainingRun(job, { backend })
      const { history, parameters } = await run.start()
      const checkpoint = (await run.checkpoint())!
      const resumed = new TrainingRun({ ...job, checkpoint, steps: 6 }, { backend })
      expect((await resumed.readable()).backend.answersLater).toBeFalsy()
      const read = modelOn(here())
      loadParameters(read, parameters)
      return [
        history.losses, (await resumed.start()).history.losses, valuesOf(decodeCheckpoint(checkpoint)),
        namedVariables(read.params).map(([, { value }]) => Float32Array.from(read.backend.read(value))),
      ]
    })
    expect(slow).toEqual(now)
  })

  it('saves and restores a trainer', async () => {
    const [now, slow] = [new Trainer(modelOn(here()), options), new Trainer(modelOn(device().backend), options)]
    await slow.stepAsync(batches[0]!)
    now.step(batches[0]!)
    const copying = slow.saveAsync()
    const ahead = slow.stepAsync(batches[1]!) // what comes after it is no part of it
    const saved = await copying
    expect(valuesOf(saved)).toEqual(valuesOf(now.save()))
    const loss = await ahead
    slow.restore(saved)
    expect(await slow.stepAsync(batches[1]!)).toBe(loss)
    const elsewhere = new Trainer(modelOn(device().backend), options)
    elsewhere.restore(saved)
    expect(await elsewhere.stepAsync(batches[1]!)).toBe(loss)
  })

  it('is awaited by fit with validation, early stopping and checkpoints, which resumes to the same bits', async () => {
    const results = await both(async (backend) => {
      const saved: Checkpoint[] = []
      const given = {
        loss: softmaxCrossEntropy(), optimizer, validation: next,
        metrics: { accuracy: accuracy(), perplexity: perplexity() }, earlyStopping: { patience: 2 }, seed: 1,
        checkpoints: { store: { save: async (one: Checkpoint) => void saved.push(one) }, every: { epochs: 1 } },
      }
      const { losses, validation, best } = await fit(language(backend), next, { ...given, epochs: 4, accumulate: 2 })
      const again = language(backend)
      const resumed = await fit(again, next, { ...given, epochs: 4, accumulate: 2, resume: saved[1]! })
      return { losses, validation, best, saved: saved.slice(0, 2).map(valuesOf), resumed: resumed.losses }
    })
    expect(results[1]).toEqual(results[0])
    expect(results[1]!.resumed).toEqual(results[1]!.losses)
  })

  it('is awaited by evaluate and predict, whatever the layers and the loss', async () => {
    const results = await both(async (backend) => {
      const model = language(backend)
      const measured = await evaluate(model, next, { loss: softmaxCrossEntropy(), metrics: { accuracy: accuracy() } })
      const answers = await predict(model, words)
      const seen: unknown[] = []
      for await (const { y } of predict(model, next)) seen.push([y.shape, [...y.data]])
      const classifier = sequential(tokens(7), [named('e', embedding(2)), gru(3), last(), dense(2)], { backend })
      const one = await predict(classifier, words)
      const labels = sequences({ x: [[[1], [2], [3]], [[3], [1], [1]]], target: [[1, 2], [1, 1]] })
      const speech = sequential(1, [gru(4), dense(3)], { backend })
      const { losses } = await fit(speech, labels, { loss: ctc(), steps: 2 })
      const pairs = sequences({ source: words, x: words, target: words, batch: 3 })
      const translated = await fit(translator(backend), pairs, { loss: softmaxCrossEntropy(), steps: 3, seed: 2 })
      return [measured, [...answers.data], seen, [...one.data], losses, translated.losses]
    })
    expect(results[1]).toEqual(results[0])
  })

  it('is awaited where long sequences are read in segments', async () => {
    const long = Array.from({ length: 600 }, (_, i) => i % 7)
    const data = sequences({ x: [long, long.slice(9)], target: [long, long.slice(9)] })
    const results = await both(async (backend) => {
      const options = { loss: softmaxCrossEntropy(), metrics: { accuracy: accuracy() } }
      return [await evaluate(language(backend), data, options), [...(await predict(language(backend), [long])).data]]
    })
    expect(results[1]).toEqual(results[0])
  })

  it('streams, with its state, and writes', async () => {
    const results = await both(async (backend) => {
      const stream = language(backend).stream({ batch: 2, initialState: { '1.h': [[1, 2, 3, 4], [0, 0, 0, 0]] } })
      const first = await backend.readAsync(stream.step([1, 2]))
      stream.reorder([1, 1])
      const second = await backend.readAsync(stream.step([3, 0]))
      const state = await stream.stateAsync()
      stream.reset()
      stream.step([1, 1])
      stream.setState(state)
      expect(await stream.stateAsync()).toEqual(state)
      const written: number[] = []
      for await (const [token] of greedy(stream, { prompt: [1], length: 5 })) written.push(token!)
      const about = translator(backend).stream({ sourceSteps: 6 })
      about.encode([words[0]!])
      return [[...first], [...second], state, written, [...(await backend.readAsync(about.step(1)))]]
    })
    expect(results[1]).toEqual(results[0])
  })

  it('rejects with the errors of a step, after which nothing has changed', async () => {
    const trainer = new Trainer(modelOn(device().backend), options)
    const huge = { x: [1, 1, 1, 1], target: [1e200, 0, 0, 0] }
    await expect(trainer.stepAsync(huge)).rejects.toBeInstanceOf(NotFiniteError)
    expect(Number.isFinite(await trainer.stepAsync(batches[0]!))).toBe(true)
    const paths = await both(async (backend) => {
      const model = modelOn(backend)
      const broken = new Trainer(model, options)
      const [, [path, { value }]] = namedVariables(model.params) as [unknown, [string, Variable]]
      backend.write(value, Array.from({ length: 9 }, () => Number.NaN))
      try {
        await broken.stepAsync(batches[0]!)
      } catch (error) {
        return [path, (error as NotFiniteError).path, (error as Error).message]
      }
      return []
    })
    expect(paths[0]![0]).toBe(paths[0]![1])
    expect(paths[1]).toEqual(paths[0])
  })

  it('names what can wait where nobody can', async () => {
    const { backend } = device()
    const [model, trainer] = [language(backend), new Trainer(modelOn(backend), options)]
    const stream = model.stream()
    for (const [call, fix] of [
      [() => trainer.step(batches[0]!), 'Await `fit`, or `stepAsync`.'],
      [() => trainer.add(batches[0]!), 'Await `fit`, or `addAsync`.'],
      [() => trainer.save(), 'Await `fit` with checkpoints, or `saveAsync`.'],
      [() => stream.state, 'Await `stateAsync` of the stream.'],
      [() => stream.step(stream.step(1)), 'Pass its numbers: await backend.readAsync(x).'],
    ] as const) {
      expect(call).toThrow(ConfigurationError)
      expect(call).toThrow(fix)
    }
    await new Promise((done) => setTimeout(done, 10))
    expect(trainer.optimizerState.steps).toBe(0) // nothing goes on in silence
  })
})
