import { pauses } from '@recurra/backend'
import type { InitialState, Layer, Signal } from '@recurra/layers'
import {
  expectCount, expectShape, flatValues, option, options, swapTimeAndBatch, tensorOver, type Tensor, type TensorLike,
} from '@recurra/tensor'
import { planFor, type Batch, type Data } from '../data/batch.ts'
import { examplesOf, type Example } from '../data/examples.ts'
import { initialStatesOf, type InitialStates } from '../data/initial-states.ts'
import { expectData, expectModel } from '../part-options.ts'
import { bucketsOf } from '../trainer/buckets.ts'
import { outputsOf, type Outputs } from '../trainer/outputs.ts'
import { predictingCall } from '../trainer/segments/inference-call.ts'

/** The prediction of a model for a batch. */
export interface Prediction {
  /** A copy of the output, batch-first: [batch, time, features], or [batch, features] if the output is one vector. */
  readonly y: Tensor
  /** The batch; the next one may reuse its memory. */
  readonly batch: Batch
}

/** Options of `predict`. */
export interface PredictOptions {
  /** The initial state of each sequence, [sequences, …] for each slot, such as `0.h`. Default: 0. */
  readonly initialState?: InitialState
}

/**
 * Runs a model on data. Dropout is off and no parameter changes.
 *
 * For plain numbers, it returns a promise of one tensor: nested lists, typed arrays or a tensor of tokens [batch,
 * time], features [batch, time, features], or vectors [batch, features] give [batch, time, features], or [batch,
 * features] if the output of the model is one vector. Sequences may differ in length: each is read as if it were alone,
 * and its padding in the output is 0.
 *
 * ```ts
 * import { dense, embedding, last, lstm, predict, sequential, tokens, vector } from 'recurra'
 *
 * const model = sequential(vector(2), [dense(3)])
 * const y = await predict(model, [[0, 1], [1, 0]])
 * console.log(y.shape) // [2, 3]
 *
 * const classifier = sequential(tokens(9), [embedding(4), lstm(8), last(), dense(2)])
 * console.log((await predict(classifier, [[1, 2, 3], [4], [5, 6]])).shape) // [3, 2]
 * ```
 *
 * For a data set, which may be larger than memory, it yields one prediction per batch, in order. Padding may hold
 * anything; see the lengths of the batch.
 *
 * ```ts
 * import { dense, predict, sequences, sequential, vector } from 'recurra'
 *
 * const model = sequential(vector(2), [dense(3)])
 * const data = sequences({ x: [[0, 1], [1, 0]], target: [0, 2] })
 * for await (const { y, batch } of predict(model, data)) console.log(y.shape, batch.target) // [2, 3] [0, 2]
 * ```
 * @function
 * @throws `ShapeError` if the shape of x or of an initial state does not fit the model, or a batch does not have the
 * size of its data.
 * @throws `ValueError` if a value is not a finite number or not a token; the error names the position.
 * @throws `ConfigurationError` if there is no input, the data does not fit the model, or an option or a slot of the
 * initial state is unknown.
 */
export const predict: {
  (model: Layer, x: TensorLike, options?: PredictOptions): Promise<Tensor>
  (model: Layer, data: Data): AsyncGenerator<Prediction, void, undefined>
} = ((model: Layer, given: TensorLike | Data, options?: PredictOptions) =>
  typeof given === 'object' && given !== null && 'epoch' in given
    ? batchByBatch(model, given, options)
    : allAtOnce(model, given, options)) as typeof predict

async function* batchByBatch(
  model: Layer, data: Data, given?: PredictOptions,
): AsyncGenerator<Prediction, void, undefined> {
  options('predict of data', given, {}) // data brings its own initial states
  expectModel(model, 'predict')
  expectData(data, 'predict')
  for await (const { y, batch } of runs(model, data)) yield { y, batch }
}

/** What a model gives for each batch, batch-first. */
async function* runs(
  model: Layer, data: Data,
): AsyncGenerator<Prediction & Pick<Outputs, 'counts'>, void, undefined> {
  await model.backend.load?.()
  const batchFirst = (x: Tensor): Tensor => (model.out.kind === 'vector' ? x : swapTimeAndBatch(x))
  const scope = model.backend.scope(
    () => bucketsOf(data, (size) => predictingCall(model, { ...planFor(data), ...size })),
  )
  const [calls, pause] = [scope.value, pauses()]
  try {
    let step = 0
    for await (const batch of data.epoch()) {
      const call = calls.callFor(batch, ++step)
      call.loadBatch(batch, step)
      call.forward()
      const { y, counts } = await outputsOf(call)
      yield { y: batchFirst(y), ...(counts && { counts: batchFirst(counts) }), batch }
      call.carried.continueFromLast()
      await pause()
    }
  } finally {
    scope[Symbol.dispose]()
  }
}

const most = 256 // sequences side by side

const allAtOnce = async (model: Layer, x: TensorLike, given?: PredictOptions): Promise<Tensor> => {
  expectModel(model, 'predict')
  const { initialState } = options('predict', given, { initialState: option.unchecked<InitialState>()() })
  const examples = examplesOf(x, 'predict')
  const count = expectCount(examples.length, 'the sequences to predict for')
  expectInputs(examples, model.in)
  const states = initialStatesOf(initialState, count)
  const values: number[] = []
  const longest = examples.reduce((most, { steps }) => Math.max(most, steps), 1)
  let outer: readonly number[] = []
  for (let from = 0; from < count; from += most) {
    const some = examples.slice(from, from + most)
    const begin = states.map(([slot, all]) => [slot, all.slice(from, from + most)] as const)
    const data = batchOf(some, begin, model.in, model.in.kind === 'vector' ? 1 : longest)
    for await (const { y, counts } of runs(model, data)) {
      outer = y.shape.slice(1)
      const real = counts && flatValues(counts)
      const size = y.shape.at(-1)!
      flatValues(y).forEach((value, i) => values.push(real?.[Math.floor(i / size)] === 0 ? 0 : value))
    }
  }
  return tensorOver(model.backend.dtype === 'float64' ? Float64Array.from(values) : Float32Array.from(values), [
    count,
    ...outer,
  ])
}

/** One batch of some sequences, with their lengths where one is shorter than `steps`. */
const batchOf = (
  examples: readonly Example[], states: InitialStates, { kind, size }: Signal, steps: number,
): Data => {
  const batch = examples.length
  const room = steps * (kind === 'tokens' ? 1 : size)
  const x = new Float64Array(batch * room)
  examples.forEach(({ values }, b) => x.set(values, b * room))
  const lengths = kind === 'vector' ? [] : examples.map((one) => one.steps)
  const padded = lengths.some((length) => length < steps)
  const initialState = Object.fromEntries(states.map(([slot, all]) =>
    [slot, tensorOver(Float64Array.from(all.flatMap(({ values }) => [...values])), [batch, ...all[0]!.shape])]))
  const one = { x, target: [], ...(padded && { lengths }), ...(states.length > 0 && { initialState }) }
  return { steps, batch, batches: 1, padded, carry: false, epoch: () => [one] }
}

/** The shape of each, as the model takes it; where all have the same, the error shows that of all together. */
const expectInputs = (examples: readonly Example[], { kind, size }: Signal): void => {
  const wanted = kind === 'tokens' ? [null] : kind === 'vector' ? [size] : [null, size]
  const [{ shape: first }] = examples as readonly [Example]
  const alike = examples.every(({ shape }) => shape.join() === first.join())
  if (alike) return expectShape({ shape: [examples.length, ...first] }, [null, ...wanted], 'predict')
  examples.forEach(({ shape }, i) => expectShape({ shape }, wanted, `predict, sequence ${i}`))
}
