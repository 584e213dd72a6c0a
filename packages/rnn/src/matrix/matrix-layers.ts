/**
 * The recurrent layers with a matrix state by name, for programs that choose one at run time.
 *
 * ```ts
 * import { dense, matrixLayers, sequential } from 'recurra'
 *
 * const name: keyof typeof matrixLayers = 'mLstm'
 * console.log(sequential(4, [matrixLayers[name](16, { heads: 2 }), dense(2)]).layers[0]?.type) // mLstm
 * ```
 *
 * @module
 */
export { gatedDeltaNet } from './gated-delta-net.ts'
export { linearAttention } from './linear-attention.ts'
export { mLstm } from './m-lstm.ts'
export { mamba2 } from './mamba2.ts'
export { rwkv7 } from './rwkv7.ts'
