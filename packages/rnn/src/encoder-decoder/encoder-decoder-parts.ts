import type { Blueprint, Signal } from '@recurra/layers'
import { option, options } from '@recurra/tensor'
import type { StartName } from './bridge-of.ts'

/** The parts of an encoder-decoder. */
export interface EncoderDecoderParts<
  E = readonly Blueprint[], D = readonly Blueprint[],
  S extends Signal | number = Signal, T extends Signal | number = Signal,
> {
  /** The input of the encoder: `tokens(size)`, `vector(features)`, or the number of features of a sequence. */
  readonly source: S
  /** The layers of the encoder. */
  readonly encoder: E
  /** The input of the decoder, which is the target so far. */
  readonly target: T
  /** The layers of the decoder. `attention` and `concatSource` read the output of the encoder. */
  readonly decoder: D
  /**
   * The initial state of the decoder. `'state'`: the final states of the encoder, copied layer by layer if they fit,
   * otherwise projected. `'input'`: the decoder first reads a projection of them as an input. `'zero'`: zero; the
   * decoder receives the source only through `attention` or `concatSource`. If the output of the encoder is one vector
   * (an image, `last()`), that vector is used instead of its states. Default: `'state'`.
   */
  readonly start?: StartName
}

const part = option.required(option.unchecked<unknown>()())
const kinds = { source: part, encoder: part, target: part, decoder: part, start: option.unchecked<StartName>()() }

/**
 * Checks the names of the parts; layers and sizes are checked when they are built.
 * @throws `ConfigurationError` if one is unknown or missing.
 */
export const expectParts = (given: EncoderDecoderParts): void => void options('encoderDecoder', given, kinds)
