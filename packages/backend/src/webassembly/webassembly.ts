import type { Program } from '@recurra/formula'
import { ConfigurationError, indicesOver, option, options, sizeOf, tensorOver, type Floats } from '@recurra/tensor'
import type { Backend, Kernel } from '../backend.ts'
import { gridOf, type OperandTensors } from '../grid.ts'
import { Revisions } from '../revisions.ts'
import { withScopes } from '../scopes.ts'
import { elements, read, readBack, write } from '../transfer.ts'
import { features as offered } from './engine.ts'
import { featuresFor } from './features-for.ts'
import { formulasOn } from './formulas/formulas.ts'
import { whyNoThreads } from './hardware-threads.ts'
import { Heap } from './heap.ts'
import type { WebAssemblyParts } from './int8/int8-products.ts'
import { scratchSize } from './matmul/blocked.ts'
import { webassemblyKernels } from './matmul/kernels.ts'
import { productsOn } from './matmul/products.ts'
import { nativeKernels } from './native/native-kernels.ts'
import { loadNative } from './native/native.ts'
import { rowsOn } from './rows/rows.ts'
import { ThreadPool } from './threads/pool.ts'

/** How a·b + c is rounded: 'fused' rounds once; 'separate' rounds twice, which gives the same bits in every engine. */
export type MultiplyAddRounding = 'fused' | 'separate'

/** Options of `webassembly`. */
export interface WebAssemblyOptions {
  /** How much memory is reserved, in bytes; only used memory costs anything. Default: 4 GiB. */
  readonly memory?: number
  /** How many threads share large computations, if memory can be shared. Default: 1. */
  readonly threads?: number
  /**
   * Whether the native addon of `@recurra/backend-native`, installed and built, computes matrix products. Node only.
   * Default: false.
   */
  readonly native?: boolean
  /**
   * How a·b + c is rounded. `'fused'`, a single instruction, is about an eighth faster; engines since Chrome 114 and
   * Node 22 have it. Requested in Node 20, it sets an engine flag for the whole process. `'separate'` gives the same
   * bits in every engine. Default: `'fused'` if the engine has it.
   */
  readonly multiplyAdd?: MultiplyAddRounding
  /**
   * Whether the engine joins adjacent vectors into vectors of 256 bits: products take two thirds of the time, with the
   * same bits. Only Node 24 and later, on x64 with AVX2; it sets an experimental engine flag for the whole process.
   * Default: false.
   */
  readonly revectorize?: boolean
}

/** How each option is checked. */
export const webassemblyKinds: {
  readonly memory: option.Option<number>
  readonly threads: option.Option<number>
  readonly native: option.Option<boolean>
  readonly multiplyAdd: option.Option<MultiplyAddRounding | undefined>
  readonly revectorize: option.Option<boolean>
} = {
  memory: option.count(2 ** 32),
  threads: option.count(1),
  native: option.flag(false),
  multiplyAdd: option.oneOf('fused', 'separate')(),
  revectorize: option.flag(false),
}

/**
 * The fast backend: float32, all tensors in one WebAssembly memory, formulas and products as generated SIMD code.
 *
 * ```ts
 * import { webassembly } from '@recurra/backend'
 *
 * const backend = webassembly()
 * const [a, b, out] = [backend.zeros([1, 2]), backend.zeros([2, 1]), backend.zeros([1, 1])]
 * backend.write(a, [1, 2])
 * backend.write(b, [3, 4])
 * backend.matmul({ out, a, b })(0)
 * console.log(backend.read(out)) // [11]
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid, or the engine has no SIMD or lacks what an option
 * requires.
 * @throws `MemoryError` if `memory` is too small for what the kernels share.
 */
export const webassembly = (given: WebAssemblyOptions = {}): Backend => {
  const { memory, threads, native, multiplyAdd, revectorize } = options('webassembly', given, webassemblyKinds)
  if (offered.whyNoSimd)
    throw new ConfigurationError({
      where: 'webassembly',
      expected: 'an engine with SIMD',
      got: offered.whyNoSimd,
      fix: 'Use backend(), which then takes JavaScript.',
    })
  const features = featuresFor(multiplyAdd, revectorize)
  const addon = native ? loadNative() : undefined
  const alone = threads > 1 ? whyNoThreads() : undefined
  const heap = new Heap({ bytes: memory, shared: threads > 1 && !alone })
  const pool = new ThreadPool(heap, alone ? 1 : threads, scratchSize)
  const formulas = formulasOn(heap, features, pool)
  const formula = (program: Program, operands: OperandTensors): Kernel => formulas(program, gridOf(program, operands))
  const revisions = new Revisions()
  return withScopes(
    revisions.countedOn({
      name: 'webassembly',
      dtype: 'float32',
      describe: () => [
        'webassembly, float32',
        `${features.relaxedSimd ? 'relaxed ' : ''}SIMD${features.revectorize ? ' revectorized' : ''}`,
        ...(addon ? [`matrix products native (${addon.instructions})`] : []),
        `${pool.describe()}${alone ? ` (${alone})` : ''}`,
      ].join(', '),
      zeros: (shape) => tensorOver<Floats>(heap.floats(sizeOf(shape)), shape),
      indices: (shape, count) => indicesOver(heap.indices(sizeOf(shape)), shape, count),
      write,
      read,
      readAsync: read,
      readBack,
      ...productsOn(
        heap,
        pool,
        addon ? nativeKernels(heap, addon, pool) : webassemblyKernels(heap, features, pool),
        revisions,
      ),
      sideBySide: (make) => heap.sideBySide(make),
      joined: (tensors) => heap.joined(tensors),
      elements,
      formula,
      ...rowsOn(heap),
    }),
    (make, owner) => heap.scope(make, owner?.data),
    { heap, pool, revisions } satisfies WebAssemblyParts,
  )
}
