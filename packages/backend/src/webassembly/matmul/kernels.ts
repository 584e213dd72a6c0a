import { f32x4, ModuleBuilder } from '../assembler/index.ts'
import { compile, type Features } from '../engine.ts'
import type { Heap } from '../heap.ts'
import type { ThreadPool } from '../threads/pool.ts'
import type { FunctionSource, SharedFunction, WorkFunction } from '../threads/divisible-work.ts'
import { blockDepth, defineBlockedProduct } from './blocked.ts'
import { defineGroups } from './groups.ts'
import { defineRowsProduct } from './rows.ts'
import { defineCopy, widestTile, type Tile } from './tile.ts'
import { defineVectorProduct } from './vector.ts'

/** The functions that compute products. Each takes the address of a descriptor and a range of panels. */
export interface ProductKernels {
  /** How many columns of `b` make up a panel. */
  readonly panelColumns: number
  /** Up to this many rows, packing `b` for one product costs more than it saves. */
  readonly fewRows: number
  /** How much of the depth `packAndMultiply` packs at a time. */
  readonly panelDepth: number
  /** From this many multiplications on, about 10 microseconds, it pays to share the work with other threads. */
  readonly worthSharing: number
  /** Packs `b` into panels, for any number of products. */
  readonly pack: SharedFunction
  /** A product with packed `b`. */
  readonly multiply: SharedFunction
  /** The same with few rows. */
  readonly multiplyRows: SharedFunction
  /** Both, for a `b` that is used once. */
  readonly packAndMultiply: SharedFunction
  /** A product with a few rows that reads `b` in place: each of its numbers is used only once. */
  readonly multiplyInPlace: SharedFunction
  /** If that function takes a range of columns instead of panels: how many it computes together. */
  readonly inPlaceColumns?: number
  /** The two for many products with consecutive descriptors; they take a range of products. */
  readonly each?: { readonly [name in 'packAndMultiply' | 'multiplyInPlace']: SharedFunction }
}

/** Sends functions to all threads, by name. */
export const sharing = (pool: ThreadPool, source: FunctionSource, functions: { readonly [name: string]: unknown }) =>
  (name: string): SharedFunction => pool.share(source, name, functions[name] as WorkFunction)

/** The kernels in WebAssembly. */
export const webassemblyKernels = (
  heap: Heap,
  { relaxedSimd, revectorize }: Features,
  pool: ThreadPool,
): ProductKernels => {
  const tile: Tile = {
    multiplyAdd: relaxedSimd ? f32x4.relaxedMadd : (a, b, c) => f32x4.add(c, f32x4.mul(a, b)),
    width: revectorize ? widestTile : 8,
  }
  const builder = new ModuleBuilder()
  const copy = defineCopy(builder)
  const packAndMultiply = defineBlockedProduct(builder, tile, copy)
  defineRowsProduct(builder, tile, copy)
  const multiplyVector = defineVectorProduct(builder, tile)
  defineGroups(builder, packAndMultiply, multiplyVector, tile.width)
  const { module, exports } = compile(builder, heap.memory)
  const shared = sharing(pool, module, exports)
  return {
    panelColumns: tile.width,
    fewRows: 3,
    panelDepth: blockDepth,
    worthSharing: 2 ** 18,
    pack: shared('pack'),
    multiply: shared('multiply'),
    multiplyRows: shared('multiplyRows'),
    packAndMultiply: shared('packAndMultiply'),
    multiplyInPlace: shared('multiplyVector'),
    inPlaceColumns: 16, // each cache line of `out` is written by one thread
    each: { packAndMultiply: shared('packAndMultiplyEach'), multiplyInPlace: shared('multiplyVectorEach') },
  }
}
