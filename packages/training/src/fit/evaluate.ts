import { pauses } from '@recurra/backend'
import type { Layer } from '@recurra/layers'
import { option, options, type AbortSignalLike } from '@recurra/tensor'
import { planFor, type Data } from '../data/batch.ts'
import type { Loss } from '../losses/loss.ts'
import { valuesOf, type Metrics, type MetricValues } from '../metrics/metric.ts'
import { expectData, expectModel, loss as lossKind, metrics as metricsKind } from '../part-options.ts'
import { Buckets } from '../trainer/buckets.ts'
import { LossCall } from '../trainer/loss-call.ts'
import { outcomeOf } from './outcome-of.ts'
import { readerOf } from './reader.ts'

/** Options of `evaluate`. */
export interface EvaluateOptions<M extends Metrics = {}> {
  /** What is measured. */
  readonly loss: Loss
  /** Metrics by names of your own; each is reset first. */
  readonly metrics?: M | undefined
  /** Ends it early, by throwing the signal's reason. */
  readonly signal?: AbortSignalLike | undefined
}

/** What was measured over all of the data. */
export interface Evaluation<M extends Metrics = {}> {
  /** A mean is that over all that counts, regardless of batch size; a sum is the average over the batches. */
  readonly loss: number
  /** The value of each metric. */
  readonly metrics: MetricValues<M>
}

/**
 * The loss of a model over all of the data, in order, and the metrics that are asked for. There is no training: dropout
 * is off and no parameter changes. Padding does not count.
 *
 * ```ts
 * import {
 *   accuracy, bitsPerCharacter, characters, dense, evaluate, oneHot, rnn, sequential, softmaxCrossEntropy,
 * } from 'recurra'
 *
 * const text = characters('to be or not to be, that is the question')
 * const model = sequential(text.tokens, [oneHot(), rnn(8), dense(text.size)])
 * const { loss, metrics } = await evaluate(model, text.windows({ steps: 8, batch: 1 }), {
 *   loss: softmaxCrossEntropy(),
 *   metrics: { accuracy: accuracy(), bits: bitsPerCharacter() },
 * })
 * console.log(metrics.accuracy < 1, Math.abs(metrics.bits - loss / Math.LN2) < 1e-6) // true true
 * ```
 * @throws `ShapeError` or `ValueError` if data cannot be used; it says where.
 * @throws `ConfigurationError` if an option is not known, or the data or a metric does not go with the model or the
 * loss.
 */
export const evaluate = async <const M extends Metrics = {}>(
  model: Layer,
  data: Data,
  given: EvaluateOptions<M>,
): Promise<Evaluation<M>> => {
  expectModel(model, 'evaluate')
  expectData(data, 'evaluate')
  const known = options('evaluate', given, { loss: lossKind, metrics: metricsKind, signal: option.signal() })
  const { loss, signal } = known
  const metrics = (known.metrics ?? {}) as M
  const plan = { ...planFor(data), loss }
  const scope = model.backend.scope(
    () => new Buckets(plan, (size) => new LossCall(model, { ...plan, ...size }, 'inference')),
  )
  const [calls, pause, reader] = [scope.value, pauses(), readerOf(data.epoch(), signal)]
  const measuring = Object.values<Metrics[string]>(metrics)
  let [sum, count, step] = [0, 0, 0]
  try {
    for (const metric of measuring) metric.reset()
    for (let batch = await reader.next(); batch; batch = await reader.next()) {
      const call = calls.load(batch, ++step)
      call.computeLoss()
      await call.readBack.run()
      const { values } = call.readBack
      call.loss.value(values) // an error where a target is no class
      sum += values[0]!
      count += loss.reduction === 'mean' ? call.count : 1
      if (measuring.length > 0) {
        const outcome = await outcomeOf(model.backend, call, batch)
        for (const metric of measuring) metric.add(outcome)
      }
      call.carried.continueFromLast()
      await pause()
    }
    signal?.throwIfAborted()
  } finally {
    await reader.close()
    scope[Symbol.dispose]()
  }
  return { loss: sum / count, metrics: valuesOf(metrics) }
}
