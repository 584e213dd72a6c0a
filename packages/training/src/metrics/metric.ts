import type { Floats, Tensor } from '@recurra/tensor'

/** What a model said to one batch, and what was wanted: batch-first, as data is. */
export interface ScoredBatch {
  /** Scores [batch, time, classes], or [batch, classes]. */
  readonly y: Tensor
  /** Class numbers [batch, time], or [batch]. */
  readonly target: Tensor<Floats | Int32Array>
  /** Above 0 for what counts, in the shape of `target`; without it all does. */
  readonly counts?: Tensor
}

/** Something that is measured over many batches. */
export interface Metric<Value = unknown> {
  /**
   * Takes in what a model said to one batch.
   * @throws `ShapeError` if shapes do not belong together.
   * @throws `ValueError` if a target is no class.
   * @throws `ConfigurationError` if there are other classes than before.
   */
  add(outcome: ScoredBatch): void
  /** Over all that was taken in since the last `reset`. */
  readonly value: Value
  /** Starts over. */
  reset(): void
}

/** Metrics by name. */
export interface Metrics {
  readonly [name: string]: Metric
}

/** The values of metrics, by the same names. */
export type MetricValues<M extends Metrics> = { readonly [Name in keyof M]: M[Name]['value'] }

/** What was measured until now, by name. */
export const valuesOf = <M extends Metrics>(metrics: M): MetricValues<M> =>
  Object.fromEntries(Object.entries(metrics).map(([name, { value }]) => [name, value])) as MetricValues<M>
