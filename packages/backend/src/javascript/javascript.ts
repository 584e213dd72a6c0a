import type { Program } from '@recurra/formula'
import { indicesOver, option, options, sizeOf, tensorOver, type DType, type Floats } from '@recurra/tensor'
import type { Backend, Kernel } from '../backend.ts'
import { batchedFormula } from '../batched-formula.ts'
import { gridOf, type OperandTensors } from '../grid.ts'
import { withScopes, type Machine } from '../scopes.ts'
import { read, readBack, write } from '../transfer.ts'
import { canCompile, compiled } from './compiled.ts'
import { interpreted } from './interpreted.ts'
import { batchedMatmul, matmul, packedMatmul } from './matmul.ts'
import { gather, scatterAdd } from './rows.ts'

/** Options of `javascript`. */
export interface JavaScriptOptions {
  /** 'float64' for gradient checks and exact comparisons. Default: `'float32'`. */
  readonly dtype?: DType
  /** How formulas run. Default: as compiled loops where the page allows it, else in an interpreter. */
  readonly formulas?: 'compiled' | 'interpreted'
}

const floats = { float32: Float32Array, float64: Float64Array }

/**
 * The reference backend: plain JavaScript that runs everywhere, in float32 or float64.
 *
 * ```ts
 * import { javascript } from '@recurra/backend'
 *
 * const backend = javascript({ dtype: 'float64' })
 * const [a, b, out] = [backend.zeros([1, 2]), backend.zeros([2, 1]), backend.zeros([1, 1])]
 * backend.write(a, [1, 2])
 * backend.write(b, [3, 4])
 * backend.matmul({ out, a, b })(0)
 * console.log(backend.read(out)) // [11]
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const javascript = (given: JavaScriptOptions = {}): Backend => {
  const { dtype, formulas } = options('javascript', given, {
    dtype: option.oneOf('float32', 'float64')('float32'),
    formulas: option.oneOf('compiled', 'interpreted')(canCompile() ? 'compiled' : 'interpreted'),
  })
  let taken = 0 // bytes; the engine frees them
  const counted = <D extends Floats | Int32Array>(data: D): D => {
    taken += data.byteLength
    return data
  }
  const formula = (program: Program, operands: OperandTensors): Kernel =>
    (formulas === 'compiled' ? compiled : interpreted)(program, gridOf(program, operands))
  const machine: Machine = {
    name: 'javascript',
    dtype,
    describe: () => `javascript, ${dtype}, formulas ${formulas}, one thread`,
    zeros: (shape) => tensorOver<Floats>(counted(new floats[dtype](sizeOf(shape))), shape),
    indices: (shape, count) => indicesOver(counted(new Int32Array(sizeOf(shape))), shape, count),
    write,
    read,
    readAsync: read,
    readBack,
    matmul,
    batchedMatmul,
    packedMatmul,
    formula,
    batchedFormula: (program, operands) => batchedFormula(formula, program, operands),
    gather,
    scatterAdd,
  }
  return withScopes(machine, (make) => {
    const before = taken
    return [make(), taken - before, () => {}]
  })
}
