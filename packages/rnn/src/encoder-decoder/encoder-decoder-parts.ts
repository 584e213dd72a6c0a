import type { Blueprint, Signal } from '@recurra/layers'
import { option, options } from '@recurra/tensor'
import type { StartName } from './bridge-of.ts'

/** What an encoder-decoder is made of. */
export interface EncoderDecoderParts<
  E = readonly Blueprint[], D = readonly Blueprint[],
  S extends Signal | number = Signal, T extends Signal | number = Signal,
> {
  /** What the encoder reads: `tokens(size)`, `vector(features)`, or the number of features of a sequence. */
  readonly source: S
  /** The layers that read it. */
  readonly encoder: E
  /** What the decoder reads: what came before, step by step. */
  readonly target: T
  /** The layers that say what comes next; `attention` and `concatSource` look at what the encoder gives. */
  readonly decoder: D
  /**
   * What the decoder starts from. `'state'`, the default: the last states of the encoder, layer by layer where they
   * fit, else projected. `'input'`: they are projected to a first input instead. `'zero'`: nothing, it may only look.
   * An encoder that gives one vector (an image, `last()`) is asked for that vector instead of its states.
   */
  readonly start?: StartName
}

const part = option.required(option.unchecked<unknown>()())
const kinds = { source: part, encoder: part, target: part, decoder: part, start: option.unchecked<StartName>()() }

/**
 * Checks the names of the parts; layers and sizes are checked when they are built.
 * @throws `ConfigurationError` if one is not known, or is left out.
 */
export const expectParts = (given: EncoderDecoderParts): void => void options('encoderDecoder', given, kinds)
