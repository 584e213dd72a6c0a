/**
 * The recurrent layers by name, for programs that choose one at run time. Bundles without this table contain only the
 * layers that they import.
 *
 * ```ts
 * import { cells, dense, sequential } from 'recurra'
 *
 * const name: keyof typeof cells = 'minGru'
 * console.log(sequential(4, [cells[name](16), dense(2)]).layers[0]?.type) // minGru
 * console.log(Object.keys(cells).includes('elman')) // false
 * ```
 *
 * @module
 */
export { brainLstm } from './brain-lstm.ts'
export { gru, gruResetBefore } from './gru.ts'
export { indRnn } from './ind-rnn.ts'
export { layerNormLstm } from './layer-norm-lstm.ts'
export { lru } from './lru.ts'
export { lstm, peepholeLstm } from './lstm.ts'
export { minGru, minLstm } from './minimal.ts'
export { rgLru } from './rg-lru.ts'
export { rnn, rnnRelu } from './rnn.ts'
export { sLstm } from './s-lstm.ts'
