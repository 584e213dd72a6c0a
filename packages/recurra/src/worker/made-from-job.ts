import { ConfigurationError, describeValue, didYouMean, isRecord, option, options } from '@recurra/tensor'
import {
  binaryCrossEntropy, ctc, huber, klDivergence, meanAbsoluteError, meanSquaredError, negativeLogLikelihood, optimizers,
  quantileLoss, sequences, smoothL1, softmaxCrossEntropy, windows, type Data, type Loss, type Optimizer, type Schedule,
  type SequencesOptions,
} from '@recurra/training'
import type { DataConfig, LossName, OptimizerConfig, TokensConfig } from './training-job.ts'

const losses: Readonly<Record<LossName, () => Loss>> = {
  softmaxCrossEntropy, negativeLogLikelihood, binaryCrossEntropy, klDivergence, meanSquaredError, meanAbsoluteError,
  huber, smoothL1, quantileLoss, ctc,
}

/** The loss of that name. */
export const lossOf = (name: LossName): Loss => known(losses, name, 'loss')()

/** The optimizer that is described, but with a rate that somebody else decides. */
export const optimizerOf = (given: OptimizerConfig, learningRate: Schedule): Optimizer => {
  const { type, options: others } = optimizerConfig(given)
  const make = known<(options: never) => Optimizer>({ ...optimizers }, type, 'optimizer')
  return make({ ...others, learningRate } as never)
}

/** @throws `ConfigurationError` if a field is unknown, or the learning rate is not a finite number of at least 0. */
export const optimizerConfig = (given: OptimizerConfig): OptimizerConfig => {
  const { type, learningRate, options: others } = options('optimizer of the job', given, {
    type: option.required(option.text()) as option.Option<OptimizerConfig['type']>,
    learningRate: option.required(option.nonNegative()),
    options: option.checked<NonNullable<OptimizerConfig['options']>>(
      'the other options of the optimizer, without its rate',
      (value) => isRecord(value) && !('learningRate' in value),
      () => "Pass { type: 'adam', learningRate: 0.01, options: { beta1: 0.8 } }, say.",
    )(),
  })
  return { type, learningRate, ...(others && { options: others }) }
}

/** The data that is described. */
export const dataOf = (config: DataConfig): Data => {
  if (!('tokens' in Object(config))) return sequences(config as SequencesOptions)
  const { tokens, ...others } = config as TokensConfig
  return windows(tokens, others)
}

const known = <T>(all: Readonly<Record<string, T>>, name: string, what: string): T => {
  if (Object.hasOwn(all, name)) return all[name]!
  const names = Object.keys(all)
  throw new ConfigurationError({
    where: `${what} of the job`,
    expected: `one of ${names.join(', ')}`,
    got: describeValue(name),
    fix: (typeof name === 'string' && didYouMean(name, names).trim()) || 'Name one of these.',
  })
}
