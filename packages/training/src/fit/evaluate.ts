import { pauses } from '@recurra/backend'
import type { Layer } from '@recurra/layers'
import { planFor, type Data } from '../data/batch.ts'
import type { Loss } from '../losses/loss.ts'
import { scalar } from '../scalar.ts'
import { ForwardPass } from '../trainer/forward-pass.ts'
import { Passes } from '../trainer/passes.ts'

/** Options of `evaluate`. */
export interface EvaluateOptions {
  /** What is measured. */
  readonly loss: Loss
  /** Ends it early, by throwing the signal's reason. */
  readonly signal?: AbortSignal
}

/**
 * The loss of a model over all of the data, in order, without training: dropout is off and no parameter changes. A
 * mean is that over all that counts, be it in a full batch or not; a sum is the average over the batches.
 *
 * ```ts
 * import { characters, dense, evaluate, oneHot, rnn, sequential, softmaxCrossEntropy } from 'recurra'
 *
 * const text = characters('to be or not to be, that is the question')
 * const model = sequential(text.tokens, [oneHot(), rnn(8), dense(text.size)])
 * console.log(await evaluate(model, text.windows({ steps: 8, batch: 1 }), { loss: softmaxCrossEntropy() }))
 * ```
 */
export const evaluate = async (model: Layer, data: Data, { loss, signal }: EvaluateOptions): Promise<number> => {
  const plan = { ...planFor(data), loss }
  const scope = model.backend.scope(() => new Passes(plan, (steps) => new ForwardPass(model, { ...plan, steps }, 'inference')))
  const [passes, pause] = [scope.value, pauses()]
  let [sum, weight, step] = [0, 0, 0]
  try {
    for await (const batch of data.epoch()) {
      signal?.throwIfAborted()
      const pass = passes.read(batch, ++step)
      pass.run()
      pass.carry()
      sum += scalar(pass.loss.sum)
      weight += loss.reduction === 'mean' ? scalar(pass.loss.weight) : 1
      await pause()
    }
  } finally {
    scope[Symbol.dispose]()
  }
  return sum / weight
}
