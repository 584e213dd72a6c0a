/**
 * Recurrent layers: cells as formulas, and the layer that unrolls them.
 *
 * @module @recurra/rnn
 */
export { Bidirectional, bidirectional } from './bidirectional.ts'
export { cell, type Cell, type CellScope, type CellSpec } from './cell.ts'
export type { CellDefinition, Through } from './cell-definition.ts'
export { gru, gruResetBefore, minGru } from './cells/gru.ts'
export { lstm, peepholeLstm } from './cells/lstm.ts'
export { rnn, rnnRelu } from './cells/rnn.ts'
export { encoderDecoder, EncoderDecoder, type EncoderDecoderParts } from './encoder-decoder/encoder-decoder.ts'
export type { StartName } from './encoder-decoder/start-of.ts'
export { last } from './last.ts'
export type { RecurrentOptions } from './recurrent-options.ts'
export { repeat } from './repeat.ts'
export { RNNLayer } from './rnn-layer.ts'
export { VanillaRNN, type VanillaSizes } from './vanilla-rnn.ts'
