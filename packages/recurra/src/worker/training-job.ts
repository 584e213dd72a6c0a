import type { ModelConfig } from '@recurra/formats'
import type { AdagradOptions, AdamOptions, Clip, Limits, RmspropOptions, SequencesOptions, SgdOptions, WindowsOptions } from '@recurra/training'

/** What is to be trained, on what and how: all of it plain data, so that it can be sent to a worker. */
export interface TrainingJob extends Limits {
  /** The model as `configOf` writes it. */
  readonly model: ModelConfig
  /** Decides the first parameters and the order of the batches; 1 unless said otherwise. */
  readonly seed?: number
  /** Parameters to begin with, as `saveParameters` writes them; drawn from the seed unless given. */
  readonly parameters?: Uint8Array
  /** A checkpoint to go on from, as `encodeCheckpoint` writes it. */
  readonly checkpoint?: Uint8Array
  /** What is learned from. */
  readonly data: DataConfig
  /** What is made small. */
  readonly loss: LossName
  /** Adam with a rate of 0.001 unless said otherwise. */
  readonly optimizer?: OptimizerConfig
  /** How gradients are kept small; not at all unless said otherwise. */
  readonly clip?: Clip
  /** Data to measure the loss on after each epoch. */
  readonly validation?: DataConfig
}

/** Sequences, or a long stream of tokens: what `sequences` or `windows` are given. */
export type DataConfig = SequencesOptions | TokensConfig

/** Windows over a long stream of tokens. */
export interface TokensConfig extends WindowsOptions {
  /** The stream. */
  readonly tokens: Int32Array
}

/** A loss, by its name. */
export type LossName =
  | 'softmaxCrossEntropy' | 'negativeLogLikelihood' | 'binaryCrossEntropy' | 'meanSquaredError' | 'meanAbsoluteError' | 'huber'

/** An optimizer, by its name. */
export interface OptimizerConfig {
  /** Which one. */
  readonly type: 'adam' | 'adamW' | 'sgd' | 'rmsprop' | 'adagrad'
  /** The learning rate to begin with; it can be changed on the way. */
  readonly rate: number
  /** Its other options. */
  readonly options?: AdamOptions | SgdOptions | RmspropOptions | AdagradOptions
}
