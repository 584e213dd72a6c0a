import type { NamedTensor } from '@recurra/tensor'
import type { DataLayout } from '../data/batch.ts'
import type { Metrics } from '../metrics/metric.ts'
import type { Position } from './epochs.ts'
import type { MeterState } from './meter.ts'
import type { Measurement } from './progress.ts'

/** Where `fit` stands, and what it has been through. */
export interface FitState {
  /** How the data is cut into batches. */
  readonly data: DataLayout
  /** Where training is in it. */
  readonly position: Position
  /** Losses and times so far. */
  readonly meter: MeterState
  /** What was measured on the validation data. */
  readonly validation: readonly Measurement<Metrics>[]
  /** What early stopping has seen, where it looks. */
  readonly stopping?: StoppingState | undefined
}

/** What early stopping has seen. */
export interface StoppingState {
  /** Measurements since the best. */
  readonly waited: number
  /** The best, if there is any. */
  readonly best?: Best | undefined
}

/** The best measurement. */
export interface Best {
  /** What was measured. */
  readonly measured: Measurement<Metrics>
  /** What was to become small. */
  readonly score: number
  /** The parameters at that time, named by their paths. */
  readonly parameters: readonly NamedTensor[]
}
