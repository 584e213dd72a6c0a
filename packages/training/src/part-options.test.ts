import { javascript } from '@recurra/backend'
import { dense, sequential, vector, type Layer } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import {
  accuracy, adam, evaluate, fit, listening, observe, predict, sequences, sgd, softmaxCrossEntropy, split, Trainer,
  windows, type Data,
} from './authoring.ts'

const backend = javascript()
const model = (): Layer => sequential(vector(2), [dense(2)], { backend }) as Layer
const data = sequences({ x: [[1, 2], [3, 4]], target: [0, 1] })
const loss = softmaxCrossEntropy()
const trained = (options: object, given: unknown = data): Promise<unknown> =>
  fit(model(), given as Data, { loss, ...options })

describe('what is no part of a training', () => {
  it.each<readonly [options: object, why: string]>([
    [
      { loss: 'mse' },
      'fit: expected loss to be a loss, such as softmaxCrossEntropy(), ' +
        "got 'mse'. Pass meanSquaredError(), which is a function of recurra.",
    ],
    [{ loss: 'categorical_crossentropy' }, 'Pass softmaxCrossEntropy(), which'],
    [{ loss: 'best' }, 'Pass softmaxCrossEntropy() for classes, or meanSquaredError() for values'],
    [{ loss: softmaxCrossEntropy }, 'got a function. Call it: softmaxCrossEntropy().'],
    [{ loss: undefined }, 'fit: expected loss to be a loss, such as softmaxCrossEntropy(), got nothing.'],
    [{ optimizer: 'adam' }, "fit: expected optimizer to be an optimizer, such as adam(), got 'adam'. Pass adam()"],
    [{ optimizer: 'Adam' }, 'Pass adam()'],
    [{ optimizer: sgd }, 'Call it: sgd().'],
    [{ optimizer: adam }, 'got a function. Call it, as in adam() or sgd('],
    [{ optimizer: 0.1 }, 'got 0.1. Pass adam() or sgd({ learningRate: 0.1 })'],
    [
      { validation: data, metrics: { accuracy } },
      'validation: expected metrics to be metrics by name, such as { accuracy: accuracy() }, ' +
        'got an object. Call what is given for accuracy: accuracy().',
    ],
    [{ validation: data, metrics: [accuracy()] }, 'got an array. Pass { metrics: { accuracy: accuracy() } }.'],
    [
      { validation: [[1, 2]] },
      'validation: expected data with batches, got an array. Make it with sequences({ x, target })',
    ],
    [{ epoch: 3 }, 'fit: expected a known option, got epoch. Did you mean epochs?'],
    [{ lr: 3 }, 'fit: expected a known option, got lr. Pass optimizer: adam({ learningRate: 0.001 }) to fit.'],
    [{ learning_rate: 3 }, 'Pass optimizer: adam({ learningRate: 0.001 }) to fit.'],
    [{ weightDecay: 3 }, 'Pass optimizer: adamW({ weightDecay: 0.01, beta1: 0.9 }) to fit.'],
    [{ scheduler: 3 }, 'Pass optimizer: adam({ learningRate: cosineDecay(0.001) }) to fit.'],
    [{ batchSize: 3 }, 'got batchSize. Pass batch to the data: sequences({ x, target, batch: 32 }).'],
    [{ seq_len: 3 }, 'got seq_len. Pass steps to the data: windows(tokens, { steps: 64 }).'],
    [{ max_grad_norm: 3 }, 'Pass clip: { norm: 1 } to fit.'],
    [{ patience: 3 }, 'Pass earlyStopping: { patience: 3 } to fit.'],
    [{ validation_split: 0.1 }, 'Split the data: split({ x, target }, [0.9, 0.1])'],
    [{ class_weight: [1] }, 'Pass it to the loss: softmaxCrossEntropy({ weights, ignore, smoothing }).'],
    [{ device: 'cuda' }, 'Build the model on it: sequential(input, layers, { backend }).'],
    [{ shuffle: true }, 'Leave it out: each epoch has an order of its own, from the seed of fit.'],
    [{ epochs: '3' }, "fit: expected epochs to be an integer of at least 1, got '3'."],
    [{ accumulate: 0 }, 'fit: expected accumulate to be an integer of at least 1'],
    [{ seed: 0.5 }, 'fit: expected seed to be an integer, got 0.5'],
    [{ signal: true }, 'fit: expected signal to be an AbortSignal, got true'],
    [{ profile: 1 }, 'fit: expected profile to be true or false'],
    [{ onProgress: 'log' }, "fit: expected onProgress to be a function, or a list of them, got 'log'."],
    [
      { resume: Promise.resolve() },
      'resume: expected a checkpoint, got a Promise. Wait for it: await store.latest().',
    ],
    [
      { checkpoints: { store: 'folder' } },
      "checkpoints: expected store to be a store with a function save, got 'folder'. Pass { store: checkpointFolder(",
    ],
    [
      { checkpoints: { store: { save() {} }, evry: {} } },
      'checkpoints: expected a known option, got evry. Did you mean every?',
    ],
    [
      { checkpoints: { store: { save() {} }, every: { minutes: 1 } } },
      'checkpoints.every: expected a known option, got minutes. ',
    ],
    [
      { validation: data, earlyStopping: { patience: 2, minDelta: 1 } },
      'earlyStopping: expected a known option, got minDelta. Did you mean minImprovement?',
    ],
    [
      { validation: data, earlyStopping: {} },
      'earlyStopping: expected patience to be an integer of at least 1, or Infinity, got nothing.',
    ],
  ])('fit with %o', async (options, why) => {
    await expect(trained(options)).rejects.toThrow(why)
    await expect(trained(options)).rejects.toThrow(ConfigurationError)
  })

  it.each<readonly [given: unknown, why: string]>([
    [
      [[1, 2]],
      'fit: expected data with batches, got an array. ' +
        'Make it with sequences({ x, target }), windows(tokens) or characters(text).windows().',
    ],
    [null, 'fit: expected data with batches, got null.'],
    [{ x: [[1]], target: [0] }, 'fit: expected data with batches, got an object.'],
    [windows, 'fit: expected data, got a function. Call it: windows().'],
    [{ ...data, steps: 0 }, 'fit: expected steps of the data to be an integer of at least 1, got 0.'],
    [{ ...data, padded: undefined }, 'fit: expected padded of the data to be true or false, got undefined.'],
    [{ ...data, stridee: 1 }, 'fit: expected data with known fields, got stridee. Did you mean stride?'],
  ])('data like %o', async (given, why) => {
    await expect(trained({}, given)).rejects.toThrow(why)
    await expect(trained({}, given)).rejects.toThrow(ConfigurationError)
    await expect(evaluate(model(), given as Data, { loss })).rejects.toThrow(why.replace('fit', 'evaluate'))
  })

  it.each<readonly [act: () => unknown, why: string]>([
    [() => sequences({ x: [[1]], target: [1], epochs: 3 } as never), 'Pass it to fit, fit(model, data, { loss, opt'],
    [() => sequential(vector(2), [dense(2)], { optimizer: adam(), loss } as never), 'Pass it to fit, fit(model, data,'],
    [() => dense(2, { lr: 0.1 } as never), 'Pass optimizer: adam({ learningRate: 0.001 }) to fit.'],
    [() => adam({ batchSize: 3 } as never), 'Pass batch to the data: sequences({ x, target, batch: 32 }).'],
  ])('%s belongs somewhere else', (act, why) => {
    expect(act).toThrow(why)
  })

  it.each([-100, -1])('a label of %s: rows that do not count are named to the loss', async (label) => {
    const labelled = sequences({ x: [[1, 2], [3, 4]], target: [0, label] })
    await expect(fit(model(), labelled, { loss })).rejects.toThrow(
      `expected an integer from 0 to 1, got ${label}. Pass ignore: ${label} to the loss, if such targets do not count.`)
    await expect(fit(model(), labelled, { loss: softmaxCrossEntropy({ ignore: label }) })).resolves.toBeDefined()
    await expect(fit(model(), sequences({ x: [[1, 2]], target: [5] }), { loss })).rejects.toThrow('5. Clean the data.')
  })

  it('data of one\'s own may have more fields', async () => {
    const own: Data & { readonly origin: string } = { ...data, origin: 'a file' }
    await expect(fit(model(), own, { loss, steps: 1 })).resolves.toMatchObject({ epochs: 1 })
  })

  it('fit, evaluate and observe without anything, and with what is no model', async () => {
    await expect((fit as (...all: unknown[]) => Promise<unknown>)(model())).rejects.toThrow(
      'fit: expected data with batches, got undefined.',
    )
    await expect((fit as (...all: unknown[]) => Promise<unknown>)(model(), data)).rejects.toThrow(
      'fit: expected loss to be a loss',
    )
    await expect(fit([dense(2)] as never, data, { loss })).rejects.toThrow(
      'fit: expected a model, such as sequential(4, [lstm(16), dense(2)]), got an array. Build one',
    )
    await expect(fit(dense(2) as never, data, { loss })).rejects.toThrow(
      'got a layer that is not built, dense. Build one',
    )
    await expect(evaluate(model(), data, {} as never)).rejects.toThrow('evaluate: expected loss to be a loss')
    await expect(evaluate(model(), data, { loss, metric: {} } as never)).rejects.toThrow('Did you mean metrics?')
    expect(() => observe(model(), { x: [1, 2] }, { los: loss } as never)).toThrow(
      'observe: expected a known option, got los. Did you mean loss?',
    )
    await expect(predict(model(), { ...data, batch: 0 }).next()).rejects.toThrow('predict: expected batch of the data')
    expect(() => listening({ evry: 3 } as never, () => {})).toThrow(
      'log: expected a known option, got evry. Did you mean every?',
    )
    expect(() => split({ x: [1, 2] }, [0.5, 0.5], { stratify: 'y' as never })).toThrow(
      "split: expected stratify to be the name of a list: x, got 'y'",
    )
    expect(() => split({ x: [1, 2] }, 0.5 as never)).toThrow(
      'split: expected shares above 0 that are 1 together, got 0.5',
    )
  })

  it('options of a Trainer', () => {
    const plan = { loss, optimizer: adam(), steps: 1, batch: 2 }
    const make = (options: object) => () => new Trainer(model(), { ...plan, ...options })
    expect(make({ optimizer: undefined })).toThrow(
      'Trainer: expected optimizer to be an optimizer, such as adam(), got nothing.',
    )
    expect(make({ batchSize: 2 })).toThrow('Trainer: expected a known option, got batchSize. Did you mean batch?')
    expect(make({ buckets: [1, 2.5] })).toThrow('Trainer: expected buckets to be a list of positive integers')
    expect(make({ padded: 'yes' })).toThrow('Trainer: expected padded to be true or false')
  })
})
