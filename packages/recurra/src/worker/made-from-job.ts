import { ConfigurationError } from '@recurra/tensor'
import {
  adagrad, adam, adamW, binaryCrossEntropy, huber, meanAbsoluteError, meanSquaredError, negativeLogLikelihood, rmsprop, sequences, sgd,
  softmaxCrossEntropy, windows, type Data, type Loss, type Optimizer, type Schedule,
} from '@recurra/training'
import type { DataConfig, LossName, OptimizerConfig } from './training-job.ts'

const losses: Readonly<Record<LossName, () => Loss>> = {
  softmaxCrossEntropy, negativeLogLikelihood, binaryCrossEntropy, meanSquaredError, meanAbsoluteError, huber,
}
const optimizers: Readonly<Record<OptimizerConfig['type'], (options: never) => Optimizer>> = { adam, adamW, sgd, rmsprop, adagrad }

/** The loss of that name. */
export const lossOf = (name: LossName): Loss => known(losses, name, 'loss')()

/** The optimizer that is described, but with a rate that somebody else decides. */
export const optimizerOf = ({ type, options }: OptimizerConfig, rate: Schedule): Optimizer =>
  known(optimizers, type, 'optimizer')({ ...options, rate } as never)

/** The data that is described. */
export const dataOf = (config: DataConfig): Data => ('tokens' in config ? windows(config.tokens, config) : sequences(config))

const known = <T>(all: Readonly<Record<string, T>>, name: string, what: string): T => {
  if (Object.hasOwn(all, name)) return all[name]!
  throw new ConfigurationError({ where: `${what} of the job`, expected: `one of ${Object.keys(all).join(', ')}`, got: String(name), fix: 'Name one of these.' })
}
