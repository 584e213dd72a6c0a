import { ConfigurationError, option, options } from '@recurra/tensor'
import { innermost, type Layer } from './layer.ts'
import type { InitialState } from './state-slots.ts'

/** Options of `stream`. */
export interface StreamOptions {
  /** The number of sequences. Default: 1. */
  readonly batch?: number
  /** For models with a source: the maximum length of a source. Default: 64. */
  readonly sourceSteps?: number
  /** The initial state, which `reset` restores: [batch, …] for each slot. Default: 0. */
  readonly initialState?: InitialState
}

/** They with their defaults. */
export interface CheckedStreamOptions {
  readonly batch: number
  readonly sourceSteps: number
  readonly initialState: InitialState | undefined
}

const kinds = {
  batch: option.count(1), sourceSteps: option.count(64), initialState: option.unchecked<InitialState>()(),
}

/**
 * Checks the options of a stream, and whether the model can be streamed.
 * @throws `ConfigurationError` if an option is invalid, or the model needs the whole sequence, does not know the stride
 * of its layers, or starts from a source and has an initial state as well.
 */
export const checkStream = (layer: Layer, given: StreamOptions | undefined): CheckedStreamOptions => {
  const checked = options('stream', given, kinds)
  if (!layer.causal)
    throw new ConfigurationError({
      where: 'stream',
      expected: 'layers that read the past alone',
      got: `${innermost(layer, ({ causal }) => !causal)}, which needs the whole sequence`,
      fix: 'Leave out bidirectional, pools over all steps and repeat, give attention a window, and upsample after ' +
        'every stride.',
    })
  expectStridesKnown(layer)
  if (layer.source && checked.initialState)
    throw new ConfigurationError({
      where: 'initialState',
      expected: 'a model whose state starts from 0',
      got: `${layer.type}, which starts from the source of each sequence`,
      fix: 'Leave it out, and call setState after encode if need be.',
    })
  return checked
}

/** A container that does not know of the stride of a layer in it would run the others at the wrong steps. */
const expectStridesKnown = ({ type, stride, restarts = false, parts = [] }: Layer): void => {
  if (restarts) return
  for (const [name, part] of parts) {
    expectStridesKnown(part)
    if (part.stride && !stride)
      throw new ConfigurationError({
        where: 'stream',
        expected: `a stride of ${type}, since its layer ${name} has one`,
        got: 'none',
        fix: 'Use predict, or give all branches one stride; your own layer says its stride.',
      })
  }
}
