/**
 * What is recognized as a part of a training: a model, data, a loss, an optimizer. What only looks like one,
 * such as the function that makes it, is an error that says what to pass.
 *
 * @module
 */

import type { Layer } from '@recurra/layers'
import { ConfigurationError, describeValue, nearest, option, type Complaint } from '@recurra/tensor'
import type { Data } from './data/batch.ts'
import type { DataParallel } from './data-parallel/data-parallel.ts'
import type { Loss } from './losses/loss.ts'
import type { Optimizer } from './optimizers/optimizer.ts'
import type { Optimizers } from './optimizers/optimizers.ts'
import type { Recompute } from './trainer/segments/segment-steps.ts'

const has = (value: unknown, ...methods: readonly string[]): boolean =>
  typeof value === 'object' && value !== null &&
  methods.every((name) => typeof (value as { [name: string]: unknown })[name] === 'function')

/** What to pass instead of a word or of the function itself, where that is known. */
const insteadOf = (value: unknown, makers: readonly string[], usual: string): string => {
  if (typeof value === 'function') return value.name ? `Call it: ${value.name}().` : `Call it, as in ${usual}.`
  const meant = typeof value === 'string' ? nearest(value, makers) : undefined
  return `Pass ${meant === undefined ? usual : `${meant}()`}, which is a function of recurra.`
}

const losses = [
  'softmaxCrossEntropy', 'negativeLogLikelihood', 'binaryCrossEntropy', 'klDivergence', 'meanSquaredError',
  'meanAbsoluteError', 'huber', 'smoothL1', 'quantileLoss', 'ctc',
]
const optimizers: readonly (keyof Optimizers)[] = [
  'adam', 'adamW', 'sgd', 'rmsprop', 'adagrad', 'adadelta', 'adamax', 'nadam', 'radam',
]

/** Data-parallel training; what it does is not part of a program that never makes one. */
export const dataParallel: option.Option<DataParallel | undefined> = option.checked<DataParallel>(
  'what dataParallel() of recurra/mpi returns, or a DataParallel',
  (value) => has(value, 'replicas', 'evaluation', 'gradientReduction'),
  (value) => typeof value === 'function'
    ? 'Call it: fit(model, data, { …, ...dataParallel() }).'
    : 'Pass { ...dataParallel() } of recurra/mpi, or new DataParallel(communicator).',
)()

/** A loss that may be left out. */
export const optionalLoss: option.Option<Loss | undefined> = option.checked<Loss>(
  'a loss, such as softmaxCrossEntropy()',
  (value) => has(value, 'plan') && 'reduction' in (value as object),
  (value) => insteadOf(value, losses, 'softmaxCrossEntropy() for classes, or meanSquaredError() for values'),
)()
/** The loss of a training; it has no default. */
export const loss: option.Option<Loss> = option.required(optionalLoss)

/** An optimizer that has a default where it is used. */
export const optimizer: option.Option<Optimizer | undefined> = option.checked<Optimizer>(
  'an optimizer, such as adam()',
  (value) => typeof value === 'object' && value !== null && 'program' in value,
  (value) => insteadOf(value, optimizers, 'adam() or sgd({ learningRate: 0.1 })'),
)()

const isCount = option.count(1).fits

/** Between which steps states are kept. */
export const recompute: option.Option<Recompute | undefined> = option.checked<Recompute>(
  "'auto', or a positive integer of steps", (value) => value === 'auto' || isCount(value),
)()

/** Numbers of steps, as buckets have them. */
const counts: option.Option<readonly number[] | undefined> = option.checked<readonly number[]>(
  'a list of positive integers',
  (value) => Array.isArray(value) && value.length > 0 && value.every(isCount),
)()

/** What both data and a plan for it have. */
export const dataKinds: option.Kinds<Omit<Data, 'epoch' | 'batches' | 'padded' | 'carry'>, 'steps' | 'batch'> = {
  steps: option.required(option.count()),
  batch: option.required(option.count()),
  stride: option.count(),
  buckets: counts,
  sourceSteps: option.count(),
  targetSize: option.count(),
  sourceBuckets: counts,
  bucketBatches: counts,
}

/** The fields of data: those that data of one's own has to have, and those that it may have. */
const fields: option.Kinds<Data, 'epoch' | 'steps' | 'batch' | 'batches' | 'padded' | 'carry'> = {
  epoch: option.required(option.checked<Data['epoch']>(
    'a function that gives the batches of an epoch', (value) => typeof value === 'function')()),
  ...dataKinds,
  batches: option.required(option.checked<number>(
    'a number of batches, or Infinity', (value) => value === Infinity || isCount(value))()),
  padded: option.required(option.flag()),
  carry: option.required(option.flag()),
}

const makeData = 'Make it with sequences({ x, target }), windows(tokens) or characters(text).windows().'

/** What is wrong with data; undefined where nothing is. */
const faultOf = (value: unknown): Complaint | undefined => {
  if (typeof value === 'function')
    return { expected: 'data', got: 'a function', fix: `Call it: ${value.name || 'it'}().` }
  if (!has(value, 'epoch')) return { expected: 'data with batches', got: describeValue(value), fix: makeData }
  const data = value as { readonly [name: string]: unknown }
  for (const [name, { expected, fits, required }] of Object.entries(fields))
    if (data[name] === undefined ? required : !fits(data[name]))
      return { expected: `${name} of the data to be ${expected}`, got: describeValue(data[name]), fix: makeData }
  const known = Object.keys(fields)
  for (const name of Object.keys(data)) {
    // data of one's own may have more fields, but none that is nearly one of these
    const meant = known.includes(name) ? undefined : nearest(name, known)
    if (meant !== undefined && data[meant] === undefined)
      return {
        expected: 'data with known fields',
        got: name,
        fix: `Did you mean ${meant}? Known: ${known.join(', ')}.`,
      }
  }
  return undefined
}

/**
 * Checks that something is data.
 * @throws `ConfigurationError` if it is not; the error shows how to make some.
 */
export const expectData = (value: unknown, where: string): void => {
  const fault = faultOf(value)
  if (fault) throw new ConfigurationError({ where, ...fault })
}

/**
 * Checks that something is a model, or a layer that was built.
 * @throws `ConfigurationError` if it is not; the error shows how to make one.
 */
export const expectModel = (value: Layer, where: string): void => {
  if (has(value, 'plan') && 'params' in value) return
  throw new ConfigurationError({
    where,
    expected: 'a model, such as sequential(4, [lstm(16), dense(2)])',
    got: has(value, 'build')
      ? `a layer that is not built, ${(value as { readonly type: string }).type}`
      : describeValue(value),
    fix: value instanceof Promise ? 'Await it.' : 'Build one: sequential(input, [layers]).',
  })
}
