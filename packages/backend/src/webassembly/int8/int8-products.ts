import type { Floats } from '@recurra/tensor'
import type { Backend, Kernel } from '../../backend.ts'
import type { Int8View } from '../../int8/int8-matrix.ts'
import { int8Product, type Int8Products } from '../../int8/int8-product.ts'
import type { MatrixProduct } from '../../matrix-product.ts'
import { Packs } from '../../packs.ts'
import { partsOf } from '../../scopes.ts'
import { addressOf, type Heap } from '../heap.ts'
import type { Revisions } from '../../revisions.ts'
import type { ThreadPool } from '../threads/pool.ts'
import { fastestInt8, type Int8Kernels } from './fastest-int8.ts'
import { int8DescriptorSize, panelColumns, rowSize, writeInt8Descriptor } from './int8-descriptor.ts'
import { activationBytes, type Int8Instruction } from './multiply-int8.ts'

/** What these products need of a backend, over whose memory they work. */
export interface WebAssemblyParts {
  readonly heap: Heap
  readonly pool: ThreadPool
  readonly revisions: Revisions
}

/** From this many multiplications on, about 10 microseconds, it pays to share the work with other threads. */
const worthSharing = 2 ** 20

/** An int8 matrix in panels of 32 columns, four features together, with what belongs to its columns. */
interface Int8Pack {
  /** [panels, ⌈k / 4⌉, 32, 4] as bytes. */
  readonly integers: Floats
  /** The sum of the integers in each column, and its scale. */
  readonly sums: Int32Array
  readonly scales: Float32Array
  /** The version of the matrix that is packed. */
  version: number
}

const fill = ({ integers, sums, scales }: Int8Pack, { k, m }: MatrixProduct, view: Int8View): void => {
  const to = new Int8Array(integers.buffer, integers.byteOffset, integers.byteLength)
  const from = view.integers()
  const rounds = Math.ceil(k / 4)
  sums.fill(0)
  scales.set(view.columnScales())
  for (let l = 0; l < k; l++)
    for (let j = 0; j < m; j++) {
      const value = from[l * m + j]!
      const place = (Math.floor(j / panelColumns) * rounds + (l >> 2)) * panelColumns + (j % panelColumns)
      to[4 * place + (l & 3)] = value
      sums[j]! += value
    }
}

/** Memory for a pack, which belongs to the matrix. */
const roomFor = (heap: Heap, { k, m, b }: MatrixProduct): Int8Pack => {
  const columns = Math.ceil(m / panelColumns) * panelColumns
  const [pack] = heap.scope((): Int8Pack => ({
    integers: heap.floats(Math.ceil(k / 4) * columns),
    sums: heap.indices(columns),
    scales: heap.floats(columns),
    version: -1,
  }), b.data)
  return pack
}

const names: { readonly [instruction in Int8Instruction]: string } = {
  quadruples: 'relaxed dot products of four bytes', bytePairs: 'relaxed dot products of two bytes',
  pairs: 'dot products of 16 bits',
}

/** Int8 products on the memory of a WebAssembly backend; undefined for another backend. */
export const int8ProductsOf = (
  backend: Backend, kernels: (heap: Heap) => Int8Kernels = fastestInt8,
): Int8Products | undefined => {
  const parts = partsOf(backend) as WebAssemblyParts | undefined
  if (!parts) return undefined
  const { heap, pool, revisions } = parts
  const { instruction, module, functions } = kernels(heap)
  const [round, multiply, roundAndMultiply] = (['round', 'multiply', 'roundAndMultiply'] as const)
    .map((each) => pool.share(module, each, functions[each]))
  const packs = new Packs<Int8Pack>()
  const zeros = heap.fixed(panelColumns)
  const alive = new WeakMap<Kernel, unknown>()

  const bindDense = (product: MatrixProduct, view: Int8View): Kernel => {
    const { n, k, m, out, a, start } = product
    const pack = packs.of(view.of, product, () => roomFor(heap, product))
    const rounds = Math.ceil(k / 4)
    const roundedDown = 4 * rounds * activationBytes[instruction]
    const rounded = heap.floats(Math.ceil((n * roundedDown) / 4) + 4) // a vector is written past the end
    const rowScales = heap.floats((n * rowSize) / 4)
    const descriptor = heap.indices(int8DescriptorSize)
    writeInt8Descriptor(descriptor, {
      rows: n, columns: m, depth: k, rounds,
      a: addressOf(a), aPerStep: 4 * a.perStep, aDown: 4 * a.down,
      out: addressOf(out), outPerStep: 4 * out.perStep, outDown: 4 * out.down,
      start: start ? addressOf(start) : zeros, startPerStep: 4 * (start?.perStep ?? 0),
      startDown: 4 * (start?.down ?? 0), startAcross: start ? 4 : 0,
      packed: pack.integers.byteOffset, columnScales: pack.scales.byteOffset, columnSums: pack.sums.byteOffset,
      rounded: rounded.byteOffset, roundedDown, rowScales: rowScales.byteOffset,
    })
    const address = descriptor.byteOffset
    const units = Math.ceil(m / panelColumns)
    const shares = units > 1 && n * k * m >= worthSharing
    const first = pool.bind({ function: round!, address, units: 1 }, false)
    const then = pool.bind({ function: multiply!, address, units }, true)
    const both = pool.bind({ function: roundAndMultiply!, address, units }, false)
    const { of } = view
    const kernel: Kernel = (step) => {
      if (pack.version !== of.version) {
        fill(pack, product, view)
        pack.version = of.version
      }
      if (!shares) return both(step)
      first(step)
      then(step)
    }
    alive.set(kernel, [descriptor, pack, rounded, rowScales, out.data, a.data, product.b.data, start?.data])
    return kernel
  }

  return {
    name: `WebAssembly (${names[instruction]})`,
    bind: (product, view) => {
      const { k, m, out, a, start } = product
      const dense = (a.across === 1 || k === 1) && [out, start].every((x) => !x || x.across === 1 || m === 1)
      const run = dense ? bindDense(product, view) : int8Product(product, view)
      const writes = revisions.of(out.data)
      return (step) => {
        writes.count++
        run(step)
      }
    },
  }
}
