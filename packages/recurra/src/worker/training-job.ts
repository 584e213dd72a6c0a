import type { ModelConfig } from '@recurra/formats'
import { option, options } from '@recurra/tensor'
import type { Clip, Limits, Optimizers, Recompute, SequencesOptions, WindowsOptions } from '@recurra/training'

/** A training job: the model, the data and the options, as plain data that can be sent to a worker. */
export interface TrainingJob extends Limits {
  /** The model as `configOf` writes it. */
  readonly model: ModelConfig
  /** The seed of the initial parameters and of the order of the batches. Default: 1. */
  readonly seed?: number
  /** The initial parameters, as `saveParameters` writes them. Default: drawn from the seed. */
  readonly parameters?: Uint8Array
  /** A checkpoint to continue from, as `encodeCheckpoint` writes it. */
  readonly checkpoint?: Uint8Array
  /** The training data. */
  readonly data: DataConfig
  /** The loss to minimize. */
  readonly loss: LossName
  /** The optimizer. Default: Adam with a learning rate of 0.001. */
  readonly optimizer?: OptimizerConfig
  /** Gradient clipping. Default: gradients are not clipped. */
  readonly clip?: Clip
  /** The steps between kept states, as in `fit`; the rest is recomputed. Default: everything is kept. */
  readonly recompute?: Recompute
  /** Data to measure the loss on after each epoch. */
  readonly validation?: DataConfig
}

/** Sequences, or a long stream of tokens: the input of `sequences` or `windows`. */
export type DataConfig = SequencesOptions | TokensConfig

/** Windows over a long stream of tokens. */
export interface TokensConfig extends WindowsOptions {
  /** The stream. */
  readonly tokens: Int32Array
}

/** A loss, by its name. */
export type LossName =
  | 'softmaxCrossEntropy'
  | 'negativeLogLikelihood'
  | 'binaryCrossEntropy'
  | 'meanSquaredError'
  | 'meanAbsoluteError'
  | 'huber'
  | 'smoothL1'
  | 'klDivergence'
  | 'quantileLoss'
  | 'ctc'

/** An optimizer, by its name: any of `optimizers`. */
export interface OptimizerConfig<Name extends keyof Optimizers = keyof Optimizers> {
  /** Its name. */
  readonly type: Name
  /** The initial learning rate; it can be changed during training. */
  readonly learningRate: number
  /** Its other options. */
  readonly options?: NonNullable<Parameters<Optimizers[Name]>[0]>
}

/**
 * The job, once its fields are known to be such: what is misspelled would do nothing.
 * @throws `ConfigurationError` if one is unknown, is missing, or is of the wrong kind.
 */
export const checkedJob = (job: TrainingJob): TrainingJob => {
  const bytes = option.checked<Uint8Array>('bytes, a Uint8Array', (value) => value instanceof Uint8Array)()
  options('training job', job, {
    model: option.required(option.unchecked<ModelConfig>()()),
    data: option.required(option.unchecked<DataConfig>()()),
    loss: option.required(option.unchecked<LossName>()()),
    seed: option.seed(),
    parameters: bytes,
    checkpoint: bytes,
    optimizer: option.unchecked<OptimizerConfig>()(),
    clip: option.unchecked<Clip>()(),
    recompute: option.unchecked<Recompute>()(),
    validation: option.unchecked<DataConfig>()(),
    epochs: option.count(),
    steps: option.count(),
    seconds: option.positive(),
  })
  return job
}
