import type { Program } from '@recurra/formula'
import { copyElements, flatten, isContiguous, sizeOf, tensorOver, type Floats, type Tensor } from '@recurra/tensor'
import type { Backend } from '../backend.ts'
import { gridOf, type OperandTensors } from '../grid.ts'
import { features } from './engine.ts'
import { formulasOn } from './formulas/formulas.ts'
import { Heap } from './heap.ts'
import { productsOn } from './matmul/products.ts'
import { rowsOn } from './rows/rows.ts'

/**
 * The fast backend: float32, all tensors in one WebAssembly memory, formulas and products as SIMD code made for them.
 */
export const webassembly = (): Backend => {
  const heap = new Heap()
  const formulas = formulasOn(heap, features)
  return {
    name: 'webassembly',
    dtype: 'float32',
    describe: () => `webassembly, float32, ${features.relaxedSimd ? 'relaxed ' : ''}SIMD, one thread`,
    zeros: (shape) => tensorOver<Floats>(heap.floats(sizeOf(shape)), shape),
    indices: (shape) => tensorOver(heap.indices(sizeOf(shape)), shape),
    write: (to: Tensor<Floats | Int32Array>, values: ArrayLike<number>) => {
      if (isContiguous(to)) for (let i = 0; i < values.length; i++) to.data[to.offset + i] = values[i]!
      else copyElements(tensorOver(Float64Array.from(values), to.shape), to)
    },
    read: (from) => (isContiguous(from) ? from.data.slice(from.offset, from.offset + sizeOf(from.shape)) : Float32Array.from(flatten(from))),
    ...productsOn(heap, features),
    formula: (program: Program, operands: OperandTensors) => formulas(program, gridOf(program, operands)),
    ...rowsOn(heap),
  }
}
