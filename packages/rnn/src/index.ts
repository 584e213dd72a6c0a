/**
 * Recurrent layers: cells as formulas, and the layer that unrolls them.
 *
 * @module @recurra/rnn
 */
export { Bidirectional, bidirectional } from './bidirectional.ts'
export { cell, type Cell, type CellScope, type CellSpec } from './cell.ts'
export type { CellDefinition, Through } from './cell-definition.ts'
export { gru, gruResetBefore } from './cells/gru.ts'
export { indRnn } from './cells/ind-rnn.ts'
export { layerNormLstm } from './cells/layer-norm-lstm.ts'
export { lstm, peepholeLstm } from './cells/lstm.ts'
export { lru, type LruOptions } from './cells/lru.ts'
export { minGru, minLstm } from './cells/minimal.ts'
export { rnn, rnnRelu } from './cells/rnn.ts'
export { encoderDecoder, EncoderDecoder, type EncoderDecoderParts } from './encoder-decoder/encoder-decoder.ts'
export type { StartName } from './encoder-decoder/start-of.ts'
export { last } from './last.ts'
export type { RecurrentOptions } from './recurrent-options.ts'
export { repeat } from './repeat.ts'
export { RNNLayer } from './rnn-layer.ts'
export { VanillaRNN, type VanillaSizes } from './vanilla-rnn.ts'
