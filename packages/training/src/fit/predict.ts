import { pauses } from '@recurra/backend'
import type { Layer } from '@recurra/layers'
import { swapTimeAndBatch, type Tensor } from '@recurra/tensor'
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
 * What a model says to all of the data, batch by batch, in order: dropout is off and no parameter changes. Padding holds
 * anything; the lengths of the batch tell where it begins.
 *
 * ```ts
 * import { dense, predict, sequences, sequential, toNested, vector } from 'recurra'
 *
 * const model = sequential(vector(2), [dense(3)])
 * const data = sequences({ x: [[0, 1], [1, 0]], target: [0, 2] })
 * for await (const { y, batch } of predict(model, data)) console.log(y.shape, batch.target) // [2, 3] [0, 2]
 * ```
 */
export async function* predict(model: Layer, data: Data): AsyncGenerator<Prediction, void, undefined> {
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
