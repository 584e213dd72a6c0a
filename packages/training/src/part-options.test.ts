import { javascript } from '@recurra/backend'
import { dense, embedding, sequential, tokens, vector, type Layer } from '@recurra/layers'
import { last, lstm } from '@recurra/rnn'
import { ConfigurationError, RecurraError, ShapeError, ValueError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import {
  accuracy,
  adam,
  evaluate,
  fit,
  listening,
  meanSquaredError,
  observe,
  predict,
  sequences,
  sgd,
  softmaxCrossEntropy,
  split,
  Trainer,
  windows,
  type Batch,
  type Data,
} from './index.ts'

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
    [{ optimizer: 0.1 }, 'got 0.1. Pass adam() or sgd({ learningRate: 0.1 })'],
    [
      { validation: data, metrics: { accuracy } },
      'fit: expected metrics to be metrics by name, such as { accuracy: accuracy() }, ' +
        'got an object. Call what is given for accuracy: accuracy().',
    ],
    [{ validation: data, metrics: [accuracy()] }, 'got an array. Pass { metrics: { accuracy: accuracy() } }.'],
    [
      { validation: [[1, 2]] },
      'fit: expected validation to be data with batches, got an array. ' +
        'Expected data with batches, got an array. Make it with sequences({ x, target })',
    ],
    [{ epoch: 3 }, 'fit: expected a known option, got epoch. Did you mean epochs?'],
    [{ lr: 3 }, 'fit: expected a known option, got lr.'],
    [{ epochs: '3' }, "fit: expected epochs to be an integer of at least 1, got '3'."],
    [{ accumulate: 0 }, 'fit: expected accumulate to be an integer of at least 1'],
    [{ seed: 0.5 }, 'fit: expected seed to be an integer, got 0.5'],
    [{ signal: true }, 'fit: expected signal to be an AbortSignal, got true'],
    [{ profile: 1 }, 'fit: expected profile to be true or false'],
    [{ onProgress: 'log' }, "fit: expected onProgress to be a function, or a list of them, got 'log'."],
    [
      { resume: Promise.resolve() },
      'fit: expected resume to be a checkpoint, got a Promise. Wait for it: await store.latest().',
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

describe('values of batches', () => {
  const trainer = (): Trainer => new Trainer(model(), { loss, optimizer: sgd(), steps: 1, batch: 2 })
  const step = (batch: object) => () => trainer().step({ x: [1, 2, 3, 4], target: [0, 1], ...batch } as Batch)
  it.each<readonly [batch: object, why: string]>([
    [
      { x: [1, null, 3, 4] },
      'x at sequence 0, feature 1 (training step 1): expected a finite number, got null. ' +
        'Fill the gap with a number, or leave the row out. Nothing was changed',
    ],
    [
      { x: [1, 2, '3', 4] },
      "x at sequence 1, feature 0 (training step 1): expected a finite number, got '3'. Convert it: Number('3').",
    ],
    [{ x: [1, 2, 3, new Date()] }, 'got a Date.'],
    [{ x: [1, 2, 3, 4n] }, 'got 4n.'],
    [{ x: [true, 2, 3, 4] }, 'got true.'],
    // eslint-disable-next-line no-sparse-arrays
    [{ x: [1, , 3, 4] }, 'x at sequence 0, feature 1 (training step 1): expected a finite number, got undefined.'],
    [{ x: BigInt64Array.of(1n, 2n, 3n, 4n) }, 'got 1n. Convert it: Number(1n).'],
    [{ x: [[1, 2], [3, 4], 5, 6] }, 'got [1, 2]. Pass numbers'],
    [
      { target: ['spam', 'ham'] },
      "target at sequence 0 (training step 1): expected a whole number from 0 to 1, got 'spam'. " +
        'Give each word a number: labels.indexOf(word)',
    ],
    [{ target: [0, null] }, 'target at sequence 1 (training step 1): expected a whole number from 0 to 1, got null.'],
  ])('%o', (batch, why) => {
    expect(step(batch)).toThrow(ValueError)
    expect(step(batch)).toThrow(why)
  })

  it('what is missing, or misspelt', () => {
    expect(step({ target: undefined })).toThrow(
      'target: expected 2 numbers (2 sequences, 1 steps, 1 wide), got undefined.',
    )
    expect(step({ x: null })).toThrow(ShapeError)
    expect(step({ length: [1, 1] })).toThrow('batch: expected a known field, got length. Did you mean lengths?')
    expect(() => trainer().step(undefined as never)).toThrow('batch: expected a batch, { x, target }, got undefined.')
    expect(step({ id: 7 })).not.toThrow()
  })

  it('rows of 1-of-k are told from class numbers', async () => {
    expect(step({ target: [0, 1, 1, 0] })).toThrow(
      'target: expected 2 class numbers (2 sequences, 1 steps, 1 wide), got 4. ' +
        'Pass the number of each class, 0 to 1, and not rows of 1-of-2: row.indexOf(1). Such rows are probabilities',
    )
    const classifier = sequential(tokens(3), [embedding(4), lstm(4), last(), dense(2)], { backend })
    const rows = sequences({ x: [[0, 1], [1, 0]], target: [[0, 1], [1, 0]] })
    await expect(fit(classifier as Layer, rows, { loss })).rejects.toThrow('and not rows of 1-of-2: row.indexOf(1).')
    await expect(fit(classifier as Layer, rows, { loss })).rejects.toThrow(RecurraError)
    await expect(
      fit(model(), sequences({ x: [[1, 2]], target: [[1, 2]] }), { loss: meanSquaredError() }),
    ).resolves.toBeDefined()
  })
})
