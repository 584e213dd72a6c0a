import type { Metrics, MetricValues } from '../metrics/metric.ts'
import type { StepProfile } from './step-profile.ts'

/** The progress of a training run after a step. */
export interface Progress<M extends Metrics = {}> {
  /** The number of this step, from 1. */
  readonly step: number
  /** The epoch of this step, from 1. */
  readonly epoch: number
  /** The loss, smoothed over about the last 50 steps. */
  readonly loss: number
  /** The loss of this step alone. */
  readonly stepLoss: number
  /** The loss over the validation data, after the last step of an epoch and of the training. */
  readonly validationLoss?: number
  /** The metrics over the validation data, measured with it. */
  readonly validationMetrics?: MetricValues<M>
  /** The Euclidean norm of all gradients together, before clipping. */
  readonly gradientNorm: number
  /** The learning rate of this step. */
  readonly learningRate: number
  /** Time steps of all sequences (characters of a text) per second of training, without padding. */
  readonly itemsPerSecond: number
  /** Seconds since the start. */
  readonly elapsed: number
  /** The estimated seconds left; 0 after the last step. */
  readonly left: number
  /** The fraction of the training that is done, from 0 to 1. */
  readonly done: number
  /** The profile so far, with `profile: true`. */
  readonly profile?: StepProfile
}

/** The result of an evaluation on the validation data. */
export interface Measurement<M extends Metrics = {}> {
  /** The number of steps before it. */
  readonly step: number
  /** The loss over all of the validation data. */
  readonly loss: number
  /** The metrics over the same data. */
  readonly metrics: MetricValues<M>
}

/** The history of a training run. */
export interface History<M extends Metrics = {}> {
  /** The loss of every step. */
  readonly losses: readonly number[]
  /** The loss and the metrics over the validation data, for each evaluation. */
  readonly validation: readonly Measurement<M>[]
  /** The number of epochs started. */
  readonly epochs: number
  /** The duration in seconds. */
  readonly seconds: number
  /** Whether the signal aborted it. */
  readonly aborted: boolean
  /**
   * Whether the loss rose: each of the last ten steps had more than ten times the loss of the first step, as happens if
   * the learning rate is much too high. It is no error, since many such trainings recover; one that is not finite is.
   */
  readonly diverged: boolean
  /** With early stopping: whether it ended the training. */
  readonly stoppedEarly?: boolean
  /** With early stopping: the best evaluation. The model has the parameters of that step. */
  readonly best?: Measurement<M>
  /** The profile, with `profile: true`. */
  readonly profile?: StepProfile
}
