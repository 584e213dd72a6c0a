import { pauses } from '@recurra/backend'
import type { Layer } from '@recurra/layers'
import { expectCount, expectShape, flatten, shapeOf, swapTimeAndBatch, tensorOver, type Tensor, type TensorLike } from '@recurra/tensor'
import { planFor, type Batch, type Data } from '../data/batch.ts'
import { ModelPass } from '../trainer/model-pass.ts'
import { Passes } from '../trainer/passes.ts'

/** What a model says to a batch. The next batch reuses the memory of all of it. */
export interface Prediction {
  /** Batch-first, as data is: [batch, time, features], or [batch, features] where the model gives one vector. */
  readonly y: Tensor
  /** What it was said to. */
  readonly batch: Batch
}

/**
 * What a model says to all of the data: dropout is off and no parameter changes.
 *
 * To plain numbers the answer is a promise of all of it: nested lists or a tensor of tokens [batch, time], features
 * [batch, time, features], or vectors [batch, features] give [batch, time, features], or [batch, features] where the model
 * gives one vector.
 *
 * ```ts
 * import { dense, predict, sequential, vector } from 'recurra'
 *
 * const model = sequential(vector(2), [dense(3)])
 * const y = await predict(model, [[0, 1], [1, 0]])
 * console.log(y.shape) // [2, 3]
 * ```
 *
 * To data, for sequences of different lengths or more than fits into memory, it comes batch by batch, in order. Padding
 * holds anything; the lengths of the batch tell where it begins.
 *
 * ```ts
 * import { dense, predict, sequences, sequential, vector } from 'recurra'
 *
 * const model = sequential(vector(2), [dense(3)])
 * const data = sequences({ x: [[0, 1], [1, 0]], target: [0, 2] })
 * for await (const { y, batch } of predict(model, data)) console.log(y.shape, batch.target) // [2, 3] [0, 2]
 * ```
 * @throws `ShapeError` if x has another shape than the model takes, or a batch another size than its data says.
 * @throws `ValueError` if a number is not finite, or no token.
 * @throws `ConfigurationError` if there is nothing to predict for, or the data does not go with the model.
 */
export const predict: {
  (model: Layer, x: TensorLike): Promise<Tensor>
  (model: Layer, data: Data): AsyncGenerator<Prediction, void, undefined>
} = ((model: Layer, given: TensorLike | Data) =>
  typeof given === 'object' && 'epoch' in given ? batchByBatch(model, given) : allAtOnce(model, given)) as typeof predict

async function* batchByBatch(model: Layer, data: Data): AsyncGenerator<Prediction, void, undefined> {
  const scope = model.backend.scope(() => new Passes(data, (steps) => new ModelPass(model, { ...planFor(data), ...steps }, 'inference')))
  const [passes, pause] = [scope.value, pauses()]
  try {
    let step = 0
    for await (const batch of data.epoch()) {
      const pass = passes.read(batch, ++step)
      pass.write()
      pass.run()
      const { value } = pass.frame.y
      yield { y: value.shape.length === 3 ? swapTimeAndBatch(value) : value, batch }
      pass.carry()
      await pause()
    }
  } finally {
    scope[Symbol.dispose]()
  }
}

const most = 256 // sequences side by side

const allAtOnce = async (model: Layer, x: TensorLike): Promise<Tensor> => {
  const [{ kind, size }, shape] = [model.in, shapeOf(x)]
  expectShape({ shape }, kind === 'tokens' ? [null, null] : kind === 'vector' ? [null, size] : [null, null, size], 'predict')
  const [count, steps] = [expectCount(shape[0]!, 'the sequences to predict for'), kind === 'vector' ? 1 : shape[1]!]
  const values = Float64Array.from(flatten(x))
  const width = values.length / count
  const said: number[] = []
  let outer: readonly number[] = []
  for (let from = 0; from < count; from += most) {
    const batch = Math.min(most, count - from)
    const one = { x: values.subarray(from * width, (from + batch) * width), target: [] }
    for await (const { y } of batchByBatch(model, { steps, batch, batches: 1, padded: false, carry: false, epoch: () => [one] })) {
      outer = y.shape.slice(1)
      for (const value of flatten(y)) said.push(value)
    }
  }
  return tensorOver(model.backend.dtype === 'float64' ? Float64Array.from(said) : Float32Array.from(said), [count, ...outer])
}
