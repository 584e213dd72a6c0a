import {
  defineLayer, planBranches, vector, type Blueprint, type Sequence, type Vector,
} from '@recurra/layers/authoring'
import { last, type LastOptions } from './last.ts'
import { meanPool } from './mean-pool.ts'

/**
 * The last real step and the mean over the real steps, concatenated: [batch, time, features] -> [batch, 2 · features].
 * The next layer weighs both: how a sequence ends, and what it is about. After `bidirectional`,
 * `{ bidirectional: true }` takes the end of each direction, as `last` does. It needs the whole sequence, so it cannot
 * be streamed.
 *
 * ```ts
 * import { bidirectional, dense, gru, lastAndMeanPool, sequential } from 'recurra'
 *
 * const both = bidirectional((options) => gru(16, options))
 * const model = sequential(4, [both, lastAndMeanPool({ bidirectional: true }), dense(3)])
 * console.log(model.layers[1]?.out) // { kind: 'vector', size: 64 }
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid; when built, if the number of features is odd.
 */
export const lastAndMeanPool = (options: LastOptions = {}): Blueprint<Sequence, Vector, {}> => {
  const [end, mean] = [last(options), meanPool()]
  return defineLayer({
    type: 'lastAndMeanPool',
    ...(end.options && { options: end.options }),
    accepts: ['sequence'],
    build(input, context) {
      const layers = [end.build(input, context), mean.build(input, context)] as const
      return {
        out: vector(2 * input.size),
        causal: false,
        plan(x, callShape) {
          const { parts, y, pass } = planBranches('lastAndMeanPool', layers, 'concat', x, callShape)
          return { y, callShape: parts[0]!.callShape, pass }
        },
      }
    },
  })
}
