import { option, options, type DType } from '@recurra/tensor'
import type { Backend } from '../backend.ts'
import { kernelsFor, type Formulas } from './kernels.ts'
import { canCompile, machineOf } from './machine.ts'

/** Options of `javascript`. */
export interface JavaScriptOptions {
  /** 'float64' for gradient checks and exact comparisons. Default: `'float32'`. */
  readonly dtype?: DType
  /** How formulas run. Default: as compiled loops where the page allows it, else in an interpreter. */
  readonly formulas?: Formulas
}

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
  return machineOf(dtype, `javascript, ${dtype}, formulas ${formulas}, one thread`, kernelsFor(formulas))
}
