import { pauses } from '@recurra/backend'
import type { Layer } from '@recurra/layers'
import {
  ConfigurationError, option, options, swapTimeAndBatch, tensorOver, type AbortSignalLike, type Tensor,
} from '@recurra/tensor'
import { planFor, type Batch, type Data } from '../data/batch.ts'
import type { Loss } from '../losses/loss.ts'
import { wholeEvaluation } from '../data-parallel/alone.ts'
import type { DataParallel } from '../data-parallel/data-parallel.ts'
import { metricsOption, valuesOf, type Metrics, type MetricValues, type ScoredBatch } from '../metrics/metric.ts'
import { dataParallel as dataParallelKind, expectData, expectModel, loss as lossKind } from '../part-options.ts'
import { bucketsOf } from '../trainer/buckets.ts'
import type { ScoringCall } from '../trainer/model-call.ts'
import { scoredOutputsOf } from '../trainer/outputs.ts'
import { scoringCall } from '../trainer/segments/inference-call.ts'
import { readerOf } from '../data/reader.ts'

/** Options of `evaluate`. */
export interface EvaluateOptions<M extends Metrics = {}> {
  /** The loss to compute. */
  readonly loss: Loss
  /** Metrics, by names that you choose; each is reset first. Default: the loss alone. */
  readonly metrics?: M | undefined
  /** Aborts the evaluation and throws the signal's reason. Default: no signal. */
  readonly signal?: AbortSignalLike | undefined
  /**
   * Several processes evaluate parts of the same data: `{ ...dataParallel() }` of `recurra/mpi`. Every one gets the
   * result for all of the data. Default: this process is alone.
   */
  readonly dataParallel?: DataParallel | undefined
}

/** The loss and the metrics over all of the data. */
export interface Evaluation<M extends Metrics = {}> {
  /** The loss. A mean is over everything that counts, regardless of batch size; a sum is averaged over the batches. */
  readonly loss: number
  /** The value of each metric. */
  readonly metrics: MetricValues<M>
}

/**
 * Computes the loss and metrics of a model over all of the data, in order. Dropout is off and no parameter changes.
 * Padding does not count.
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
 * @throws `ShapeError` or `ValueError` if data is invalid; the error names the position.
 * @throws `ConfigurationError` if an option is unknown, or the data or a metric does not fit the model or the loss.
 */
export const evaluate = async <const M extends Metrics = {}>(
  model: Layer,
  data: Data,
  given: EvaluateOptions<M>,
): Promise<Evaluation<M>> => {
  expectModel(model, 'evaluate')
  expectData(data, 'evaluate')
  const known = options('evaluate', given, {
    loss: lossKind, metrics: metricsOption, signal: option.signal(), dataParallel: dataParallelKind,
  })
  try {
    return await evaluated<M>(model, data, { ...known, metrics: (known.metrics ?? {}) as M })
  } catch (error) {
    known.dataParallel?.communicator.abort(error)
    throw error
  }
}

/** The same where everything was checked, and the caller tells others of errors. */
export const evaluated = async <M extends Metrics>(
  model: Layer, whole: Data, { loss, signal, metrics, dataParallel }: EvaluateOptions<M> & { readonly metrics: M },
): Promise<Evaluation<M>> => {
  await model.backend.load?.()
  const { data, lossOf } = dataParallel?.evaluation(whole, metrics) ?? wholeEvaluation(whole)
  const plan = { ...planFor(data), loss }
  const measuring = Object.values<Metrics[string]>(metrics)
  const keepOutputs = measuring.length > 0
  const scope = model.backend.scope(
    () => bucketsOf(plan, (size) => scoringCall(model, { ...plan, ...size, keepOutputs })),
  )
  const [calls, pause, reader] = [scope.value, pauses(), readerOf(data.epoch(), signal)]
  let [sum, count, step] = [0, 0, 0]
  try {
    for (const metric of measuring) metric.reset()
    for (let batch = await reader.next(); batch; batch = await reader.next()) {
      const call = calls.callFor(batch, ++step)
      call.loadBatch(batch, step)
      call.forward()
      const { readBack } = call.loss
      await readBack.run()
      sum += readBack.values.sum[0]!
      count += loss.reduction === 'mean' ? readBack.values.count[0]! : 1
      if (keepOutputs) {
        const outcome = await outcomeOf(call, batch)
        for (const metric of measuring) metric.add(outcome)
      }
      call.carried.continueFromLast()
      await pause()
    }
    signal?.throwIfAborted()
    return { loss: await lossOf(sum, count, loss.reduction), metrics: valuesOf(metrics) }
  } finally {
    await reader.close()
    scope[Symbol.dispose]()
  }
}

/** What a model gave for a batch, and the targets, for metrics to look at. */
const outcomeOf = async (call: ScoringCall, batch: Batch): Promise<ScoredBatch> => {
  const { classes, perSequence } = call.loss.frame
  if (perSequence) throw noRows()
  const given = await scoredOutputsOf(call)
  const [y, counts] = given.y.shape.length === 3
    ? [swapTimeAndBatch(given.y), swapTimeAndBatch(given.counts)]
    : [given.y, given.counts]
  if (!classes) return { y, target: tensorOver(Float64Array.from(batch.target), y.shape), counts }
  const target = tensorOver(Float64Array.from(batch.target), counts.shape)
  return { y, target, counts: classes.ignore === undefined ? counts : without(classes.ignore, target, counts) }
}

const noRows = (): ConfigurationError =>
  new ConfigurationError({
    where: 'metrics',
    expected: 'a loss with a target for every row of scores',
    got: 'one with a list of labels for each sequence',
    fix: 'Decode what `predict` gives, and hand it to `errorRate().compare`.',
  })

/** Rows whose target is ignored do not count. */
const without = (ignore: number, target: Tensor, counts: Tensor): Tensor => {
  const [, steps = 1] = counts.shape
  const kept = Float64Array.from(target.data, (wanted, i) => {
    const [b, t] = [Math.floor(i / steps), i % steps]
    return wanted === ignore ? 0 : counts.data[b * counts.stride[0]! + t * (counts.stride[1] ?? 0)]!
  })
  return tensorOver(kept, counts.shape)
}
