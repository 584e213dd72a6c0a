import type { Blueprint, Sequence, Variable } from '@recurra/layers'
import { sigmoid } from '@recurra/formula'
import { matrixCell } from '@recurra/rnn'

/** The sizes of a matrix memory: for each head a matrix [keys, values]. */
export interface MatrixMemorySizes { readonly heads: number; readonly keys: number; readonly values: number }

const gates = { row: ['query', 'key'], column: ['value'], scalar: ['decay'] } as const
const linearAttention = matrixCell('matrixMemory', gates, ({ S, gate }) => {
  const next = S.mul(sigmoid(gate.decay)).add(gate.key.mul(gate.value))
  return { S: next, y: gate.query.mul(next) }
})

/**
 * Linear attention with a learned decay (as RetNet and gated linear attention): for each head a matrix S is the state,
 * S' = a·S + k ⊗ v, y = q·S', where a = σ(x·W + b). [batch, time, features] -> [batch, time, heads · values].
 */
export const matrixMemory = (
  { heads, keys, values }: MatrixMemorySizes,
): Blueprint<Sequence, Sequence, { S: Variable }> => linearAttention({ heads, rows: keys, columns: values })
