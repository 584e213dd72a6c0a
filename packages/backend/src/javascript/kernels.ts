import { expectIndices, type Indices, type Tensor } from '@recurra/tensor'
import type { Kernel } from '../backend.ts'
import { compiled } from './compiled.ts'
import { interpreted } from './interpreted.ts'
import type { JavaScriptKernels } from './machine.ts'
import { product } from './product.ts'

/** How formulas run: as compiled loops, or in an interpreter. */
export type Formulas = 'compiled' | 'interpreted'

/** All that computes in JavaScript. */
export const kernelsFor = (formulas: Formulas): JavaScriptKernels => ({
  formula: formulas === 'compiled' ? compiled : interpreted, product, gather, scatterAdd,
})

/** out[i] = table[indices[i]] */
const gather = ({ out, table, indices }: { out: Tensor; table: Tensor; indices: Indices }): Kernel => {
  const [count, features] = out.shape as [number, number]
  return () => {
    expectIndices(indices, table.shape[0]!, 'gather')
    for (let i = 0; i < count; i++) {
      const from = table.offset + indices.data[indices.offset + i * indices.stride[0]!]! * table.stride[0]!
      const to = out.offset + i * out.stride[0]!
      for (let c = 0; c < features; c++) out.data[to + c] = table.data[from + c]!
    }
  }
}

/** table[indices[i]] += rows[i] */
const scatterAdd = ({ table, rows, indices }: { table: Tensor; rows: Tensor; indices: Indices }): Kernel => {
  const [count, features] = rows.shape as [number, number]
  return () => {
    expectIndices(indices, table.shape[0]!, 'scatterAdd')
    for (let i = 0; i < count; i++) {
      const to = table.offset + indices.data[indices.offset + i * indices.stride[0]!]! * table.stride[0]!
      const from = rows.offset + i * rows.stride[0]!
      for (let c = 0; c < features; c++) table.data[to + c] = table.data[to + c]! + rows.data[from + c]!
    }
  }
}
