import { expectCount, expectNoMore } from '@recurra/tensor'
import { expectBlueprints } from './expect-blueprints.ts'
import { whereOf, type Blueprint, type Gives } from './layer.ts'
import { Sequential } from './sequential.ts'
import type { Signal } from './signal.ts'
import type { State } from './variable.ts'

/**
 * Repeats a layer `count` times, e.g. `stack(3, lstm(256))`; each copy has its own parameters.
 *
 * ```ts
 * import { lstm, sequential, stack } from 'recurra'
 *
 * console.log(sequential(4, [stack(3, lstm(16))]).out) // { kind: 'sequence', size: 16 }
 * ```
 * @throws `ConfigurationError` if the count is not a positive integer, or the second argument is not a layer.
 */
export const stack = <A extends Signal, G extends Gives, S extends State>(
  count: number,
  blueprint: Blueprint<A, G, S>,
  ...others: readonly never[]
): Blueprint<A, G, readonly S[]> => {
  expectBlueprints([blueprint], 'stack')
  expectNoMore(
    others,
    'stack',
    'a count and a layer',
    'Give the layer its options, and write dropout as layers: [lstm(16), dropout(0.2), lstm(16)].',
  )
  return {
    type: 'stack',
    options: { count: expectCount(count, 'the number of layers in a stack'), of: blueprint },
    build: (input, context) => {
      context.sizeLimit?.reserveLayers(count, whereOf('stack', context))
      return new Sequential(input, Array.from({ length: count }, () => blueprint), context)
    },
  }
}
