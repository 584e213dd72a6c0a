import { describe, expect, it } from 'vitest'
import { ConfigurationError } from './errors.ts'
import { nearest } from './nearest.ts'
import * as option from './option.ts'
import { options } from './options.ts'

const known = {
  learningRate: option.positive(1e-3),
  momentum: option.fraction(0),
  steps: option.count(),
  reduction: option.oneOf('mean', 'sum')('mean'),
  verbose: option.flag(false),
}

describe('options', () => {
  it('have defaults, and keep what is given', () => {
    expect(options('sgd', undefined, known)).toEqual({
      learningRate: 1e-3,
      momentum: 0,
      steps: undefined,
      reduction: 'mean',
      verbose: false,
    })
    const { learningRate, steps } = options('sgd', { learningRate: 2, steps: undefined }, known)
    expect([learningRate, steps]).toEqual([2, undefined])
  })

  it.each([
    [
      { lr: 0.1 },
      'sgd: expected a known option, got lr. Did you mean learningRate? ' +
        'Known: learningRate, momentum, steps, reduction, verbose.',
    ],
    [{ momentun: 0.1 }, 'Did you mean momentum?'],
    [{ numLayers: 2 }, 'got numLayers. Use stack(2, lstm(64)), say. Known: '],
    [{ return_sequences: false }, 'Put last() behind the layer'],
    [{ batchFirst: true }, 'Leave it out: values are [batch, time, features]. Known: '],
    [{ sparkle: 1 }, 'sgd: expected a known option, got sparkle. Known: '],
    [{ learningRate: 0 }, 'sgd: expected learningRate to be a finite number above 0, got 0. '],
    [{ learningRate: '0.1' }, "got '0.1'. "],
    [{ learningRate: null }, 'got null. '],
    [{ learningRate: NaN }, 'got NaN. '],
    [{ momentum: 1 }, 'from 0 to just below 1, got 1. '],
    [{ steps: 1.5 }, 'steps to be an integer of at least 1, got 1.5. '],
    [{ steps: 10n }, 'got 10n. '],
    [{ reduction: 'average' }, "reduction to be one of 'mean', 'sum', got 'average'. Did you mean mean?"],
    [{ reduction: 'most' }, "got 'most'. Pass one of 'mean', 'sum', or leave reduction out."],
    [{ verbose: 'yes' }, "verbose to be true or false, got 'yes'. "],
    [{ verbose: new Date() }, 'got a Date. '],
    [[1], 'expected options as an object, { learningRate: … }, got [1]. '],
    [null, 'got null. '],
    ['fast', "got 'fast'. "],
  ])('%o is refused with the reason', (given, why) => {
    const act = (): unknown => options('sgd', given as object, known)
    expect(act).toThrow(ConfigurationError)
    expect(act).toThrow(why)
  })

  it('may be required', () => {
    expect(() => options('stepDecay', {}, { every: option.required(option.count()) })).toThrow(
      'expected every to be an integer of at least 1, got nothing. Pass { every: … }.',
    )
  })
})

it.each([
  ['learning_rate', 'learningRate'], ['LR', 'learningRate'], ['ignoreIndex', 'ignore'], ['epoch', 'epochs'],
  ['stridee', 'stride'], ['batchSize', 'batch'], ['learningRtae', 'learningRate'], ['hidden_size', 'size'],
  ['num_epochs', 'epochs'], ['maxBatchSize', 'batch'], ['ignore_idx', 'ignore'], ['size', 'size'],
  ['zzz', undefined],
])('%s means %s', (name, meant) => {
  expect(nearest(name, ['ignore', 'epochs', 'stride', 'batch', 'size', 'learningRate'])).toBe(meant)
})
