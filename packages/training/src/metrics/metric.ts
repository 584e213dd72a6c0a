import { isRecord, option, type Floats, type Tensor } from '@recurra/tensor'

/** The predictions and targets of one batch, batch-first. */
export interface ScoredBatch {
  /** Scores [batch, time, classes], or [batch, classes]. */
  readonly y: Tensor
  /** Class numbers [batch, time], or [batch]. */
  readonly target: Tensor<Floats | Int32Array>
  /** Above 0 for targets that count, in the shape of `target`. Default: all count. */
  readonly counts?: Tensor
}

/** A metric over many batches. */
export interface Metric<Value = unknown> {
  /**
   * Adds the predictions for one batch.
   * @throws `ShapeError` if the shapes do not match.
   * @throws `ValueError` if a target is not a class.
   * @throws `ConfigurationError` if the number of classes has changed.
   */
  add(outcome: ScoredBatch): void
  /** The value over all batches since the last `reset`. */
  readonly value: Value
  /** Starts over. */
  reset(): void
  /**
   * All that it has counted, as numbers: where several processes evaluate parts of the data, these are summed over all
   * of them and set. Empty if nothing was added. Default: it cannot be used in several processes.
   */
  totals?: readonly number[]
}

/** Metrics by name. */
export interface Metrics {
  readonly [name: string]: Metric
}

const isMetric = (value: unknown): boolean => {
  const { add, reset } = Object(value) as Partial<Metric>
  return typeof add === 'function' && typeof reset === 'function' && 'value' in (value as object)
}

/** Metrics by name, as an option. */
export const metricsOption: option.Option<Metrics | undefined> = option.checked<Metrics>(
  'metrics by name, such as { accuracy: accuracy() }',
  (value) => isRecord(value) && Object.values(value).every(isMetric),
  (value) => {
    const [name, wrong] = Object.entries(value ?? {}).find(([, one]) => !isMetric(one)) ?? []
    return typeof wrong === 'function'
      ? `Call what is given for ${name}: ${wrong.name || name}().`
      : 'Pass { metrics: { accuracy: accuracy() } }.'
  },
)()

/** The values of metrics, by the same names. */
export type MetricValues<M extends Metrics> = { readonly [Name in keyof M]: M[Name]['value'] }

/** The current values, by name. */
export const valuesOf = <M extends Metrics>(metrics: M): MetricValues<M> =>
  Object.fromEntries(Object.entries(metrics).map(([name, { value }]) => [name, value])) as MetricValues<M>
