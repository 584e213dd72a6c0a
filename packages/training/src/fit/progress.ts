import type { Metrics, MetricValues } from '../metrics/metric.ts'
import type { StepProfile } from './step-profile.ts'

/** Where training stands, after each step. */
export interface Progress<M extends Metrics = {}> {
  /** Steps taken, from 1. */
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
  /** The Euclidean length of all gradients together, before clipping. */
  readonly gradientNorm: number
  /** The learning rate of this step. */
  readonly learningRate: number
  /** Time steps of all sequences (characters of a text) per second of training, without padding. */
  readonly itemsPerSecond: number
  /** Seconds since the start. */
  readonly elapsed: number
  /** Seconds left, about; 0 after the last step. */
  readonly left: number
  /** The share of the training that is over, 0 to 1. */
  readonly done: number
  /** Where the time of a step went so far, if that was asked for. */
  readonly profile?: StepProfile
}

/** What was measured on the way. */
export interface Measurement<M extends Metrics = {}> {
  /** After how many steps. */
  readonly step: number
  /** The loss over all of the validation data. */
  readonly loss: number
  /** The metrics over the same. */
  readonly metrics: MetricValues<M>
}

/** What training has been through. */
export interface History<M extends Metrics = {}> {
  /** The loss of every step. */
  readonly losses: readonly number[]
  /** The loss and the metrics over the validation data, each time they were measured. */
  readonly validation: readonly Measurement<M>[]
  /** Passes over the data that were begun. */
  readonly epochs: number
  /** How long it took, in seconds. */
  readonly seconds: number
  /** Whether the signal ended it. */
  readonly aborted: boolean
  /** With early stopping: whether its patience came to an end. */
  readonly stoppedEarly?: boolean
  /** With early stopping: the best measurement. The model has the parameters of that moment. */
  readonly best?: Measurement<M>
  /** Where the time of a step went, if that was asked for. */
  readonly profile?: StepProfile
}
