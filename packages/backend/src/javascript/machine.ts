import type { Program } from '@recurra/formula'
import { indicesOver, sizeOf, tensorOver, type DType, type Floats } from '@recurra/tensor'
import type { Backend, Kernel } from '../backend.ts'
import { gridOf, type Grid, type OperandTensors } from '../grid.ts'
import { groupsOf, matrixProductOf, packedProductOf, type MatrixProduct } from '../matrix-product.ts'
import { expectRowMove } from '../row-moves.ts'
import { withScopes } from '../scopes.ts'
import { read, readBack, write } from '../transfer.ts'

/** What computes, bound to operands that were checked. */
export interface JavaScriptKernels extends Pick<Backend, 'gather' | 'scatterAdd'> {
  formula(program: Program, grid: Grid): Kernel
  product(product: MatrixProduct): Kernel
}

const floats = { float32: Float32Array, float64: Float64Array }

/** Whether this page may compile code from text (a content security policy can forbid it). */
export const canCompile = (): boolean => {
  try {
    return new Function('return true')() as boolean
  } catch {
    return false
  }
}

/** A backend of arrays, on which these kernels compute. */
export const machineOf = (
  dtype: DType, describe: string, { formula: bound, product, gather, scatterAdd }: JavaScriptKernels,
  load?: Backend['load'],
): Backend => {
  let taken = 0 // bytes; the engine frees them
  const counted = <D extends Floats | Int32Array>(data: D): D => {
    taken += data.byteLength
    return data
  }
  const formula = (program: Program, operands: OperandTensors): Kernel => bound(program, gridOf(program, operands))
  return withScopes(
    {
      name: 'javascript',
      dtype,
      ...(load && { load }),
      describe: () => describe,
      zeros: (shape) => tensorOver<Floats>(counted(new floats[dtype](sizeOf(shape))), shape),
      indices: (shape, count) => indicesOver(counted(new Int32Array(sizeOf(shape))), shape, count),
      write,
      read,
      readAsync: read,
      readBack,
      matmul: (operands) => product(matrixProductOf(operands)),
      batchedMatmul: (operands) => {
        const products = groupsOf(operands).map(product)
        return (step) => {
          for (let g = 0; g < products.length; g++) products[g]!(step)
        }
      },
      packedMatmul: (operands) => ({ prepare: () => {}, run: product(packedProductOf(operands)) }),
      formula,
      gather: (operands) => {
        expectRowMove(operands.out, operands.table, operands.indices, 'gather')
        return gather(operands)
      },
      scatterAdd: (operands) => {
        expectRowMove(operands.rows, operands.table, operands.indices, 'scatterAdd')
        return scatterAdd(operands)
      },
    },
    (make) => {
      const before = taken
      return [make(), taken - before, () => {}]
    },
  )
}
