import { ConfigurationError, expectCount, expectKnown, option, options } from '@recurra/tensor'
import { defineLayer, type BuiltLayer } from '../define-layer.ts'
import { expectSource } from '../expect-source.ts'
import { initializersOption, type Initializer, type Initializers } from '../initializers/initializer.ts'
import { parameter } from '../initializers/parameter.ts'
import type { Blueprint, Layer, Same } from '../layer.ts'
import { expectSignal, type Sequence } from '../signal.ts'
import type { Slots } from '../variable.ts'
import { planMultiHead, type MultiHeadParams, type Positions, type Projection } from './plan-multi-head.ts'

/** Options of `multiHeadAttention`. */
export interface MultiHeadOptions {
  /** The size of each head (Keras' key_dim). Default: the number of features divided by the number of heads. */
  readonly keySize?: number
  /**
   * `'self'`: over all steps. `'causal'`: over all steps up to the query's own. `'source'`: over the source of an
   * `encoderDecoder`. Default: 'self'.
   */
  readonly over?: 'self' | 'causal' | 'source'
  /**
   * For `'causal'`: the number of steps that a step sees, itself included (sliding window attention). Their keys and
   * values are then the state, so that the layer streams. Default: all steps before; then it does not stream.
   */
  readonly window?: number
  /**
   * `'rotary'`: rotary position embedding (Su et al. 2021, with halves as pairs, base 10,000); `'alibi'`: the score
   * falls with the distance, by 2^(-8·head/heads) for each step (Press et al. 2022). Not for `'source'`. Default:
   * 'none'.
   */
  readonly positions?: Positions
  /** Whether the four projections have a bias. Default: true. */
  readonly bias?: boolean
  /**
   * The initializers of `queryWeight`, `keyWeight`, `valueWeight` [features, heads · keySize], `outputWeight` [heads ·
   * keySize, features] and their biases. Default: 'glorotUniform' for weights and 0 for biases, as in Keras.
   */
  readonly initializers?: Initializers<`${Projection}${'Weight' | 'Bias'}`>
}

/** A layer that `multiHeadAttention` makes. */
export interface MultiHeadAttention extends Layer {
  /** The number of heads. */
  readonly heads: number
}

/**
 * Multi-head attention, softmax(query · key / √keySize) · value for each head (Vaswani et al. 2017), as Keras'
 * MultiHeadAttention and PyTorch's MultiheadAttention: [batch, time, features] -> [batch, time, features]. Padded and
 * masked steps have a weight of exactly 0. The weights of the heads are `attentionWeights`, each [batch, time, keys];
 * with a window, the keys begin `window - 1` steps before the first step.
 *
 * With `over: 'causal'` and a `window` it streams: the state is the cache of the last `window - 1` `keys` and `values`
 * [batch, window - 1, heads · keySize], and `real` [batch, window - 1, 1], which is 1 for a step that there was.
 *
 * ```ts
 * import { activation, dense, gated, multiHeadAttention, residual, rmsNorm, sequential } from 'recurra'
 *
 * const block = [
 *   residual([rmsNorm(), multiHeadAttention(4, { over: 'causal', window: 64, positions: 'rotary' })]),
 *   residual([rmsNorm(), gated([dense(64)], [dense(64), activation('silu')]), dense(32)]),
 * ] as const
 * console.log(sequential(32, [...block, ...block, dense(10)]).stream().step(new Array(32).fill(1)).shape) // [1, 10]
 * ```
 * @throws `ConfigurationError` if the number of heads is not a positive integer, or an option is unknown or does not go
 * with the others; when built, if the heads do not divide the features, a head has an odd size for `'rotary'`, or a
 * source is needed and there is none.
 */
export const multiHeadAttention = (
  heads: number, given: MultiHeadOptions = {},
): Blueprint<Sequence, Same, Slots> => {
  const checked = options('multiHeadAttention', given, {
    keySize: option.count(),
    over: option.oneOf('self', 'causal', 'source')('self'),
    window: option.count(),
    positions: option.oneOf('none', 'rotary', 'alibi')('none'),
    bias: option.flag(true),
    initializers: initializersOption,
  })
  const { keySize, over, window, positions, bias, initializers = {} } = checked
  const refused = (where: string, expected: string, got: string, fix: string): ConfigurationError =>
    new ConfigurationError({ where, expected, got, fix })
  if (window !== undefined && over !== 'causal')
    throw refused('multiHeadAttention', "a window with over: 'causal'", `over: '${over}'`, 'Leave one of them out.')
  if (positions !== 'none' && over === 'source')
    throw refused(
      'multiHeadAttention', "positions: 'none' over a source", `'${positions}'`,
      'The steps of a source have no distance from those of the target.',
    )
  return defineLayer({
    type: 'multiHeadAttention',
    title: `multiHeadAttention(${heads})`,
    options: { heads: expectCount(heads, 'the heads of multiHeadAttention'), ...given },
    accepts: ['sequence'],
    build(input, context): BuiltLayer & Pick<MultiHeadAttention, 'heads'> {
      const { where } = context
      const read = over === 'source' ? expectSource(context.source, where) : input
      expectSignal(read, ['sequence'], `${where}, its source`)
      if (keySize === undefined && input.size % heads !== 0)
        throw refused(where, `heads that divide ${input.size} features`, String(heads), 'Or pass a keySize.')
      const width = heads * (keySize ?? input.size / heads)
      if (positions === 'rotary' && (width / heads) % 2 !== 0)
        throw refused(where, 'heads of an even size, for rotary', String(width / heads), 'Pass another keySize.')
      const shapes = {
        query: [input.size, width], key: [read.size, width], value: [read.size, width], output: [width, input.size],
      } as const
      const params = Object.fromEntries(Object.entries(shapes).flatMap(([name, shape]) => [
        [`${name}Weight`, parameter(shape, initializerOf(`${name}Weight`, 'glorotUniform'), context)] as const,
        ...(bias ? [[`${name}Bias`, parameter([shape[1]], initializerOf(`${name}Bias`, 0), context)] as const] : []),
      ])) as unknown as MultiHeadParams
      expectKnown(Object.keys(initializers), Object.keys(params), where, 'initializer')
      return {
        out: input,
        params,
        heads,
        causal: over === 'source' || (over === 'causal' && window !== undefined),
        segmentable: false,
        plan: (x, callShape) => planMultiHead(
          context.backend, { params, heads, over, window, positions }, x, callShape,
        ),
      }
    },
  })

  function initializerOf(name: string, usual: Initializer): Initializer {
    return (initializers as { readonly [name: string]: Initializer | undefined })[name] ?? usual
  }
}
