/// <reference lib="esnext.disposable" preserve="true" />
// `Disposable` is newer than the ES2022 of the code, and the declarations of who installs this bring it along.
import type { Program } from '@recurra/formula'
import type { DType, Floats, Indices, Tensor } from '@recurra/tensor'
import type { BatchedProductOf, ProductOf } from './product-of.ts'

/**
 * Work bound to its memory. Binding allocates; running never does.
 *
 * An operand may have one axis more than its role needs: then its first axis is time, and `step` says which position
 * is meant. An operand without that axis is the same at every step.
 */
export type Kernel = (step: number) => void

/** A matrix product for many steps with one `b`. */
export interface PackedProduct {
  /** Reads `b` again: to be called after `b` changed, once for any number of steps. */
  readonly prepare: () => void
  /** The product itself. */
  readonly run: Kernel
}

/**
 * Numbers that the program itself looks at, such as a loss: bound once, brought out of the memory of the backend as
 * often as they are needed.
 */
export interface ReadBack {
  /** The elements of all tensors, one tensor after the other, as of the last run. */
  readonly values: Float64Array
  /** Reads them. A backend that computes in its own time returns a promise; all kernels that ran before count. */
  run(): void | Promise<void>
}

/** Where the time of kernels went, in milliseconds. */
export interface Profile {
  /** Matrix products, with the packing that they need. */
  matmul: number
  /** Formulas. */
  formulas: number
  /** Rows moved by index. */
  moves: number
}

/**
 * What was made in a scope, and the way to give its memory back: `using scope = backend.scope(…)`, or
 * `scope[Symbol.dispose]()`.
 */
export interface Scope<T> extends Disposable {
  /** What was made. It may not be used after disposal. */
  readonly value: T
  /** How much memory it asked for, in bytes. */
  readonly bytes: number
}

/** What is kept account of while a scope is open. */
export interface ScopeOptions {
  /**
   * Kernels bound in this scope add their time here, and so do those of the scopes within that have no profile of
   * their own, a stream say. They are a little slower for it. Default: times are not kept.
   */
  readonly profile?: Profile
  /**
   * What is made belongs to this tensor: it is freed with the scopes that the tensor was made in, not with those around
   * this one, and its time goes into no profile. For what outlives whoever asks for it first, such as a gradient, which
   * belongs to its parameter.
   */
  readonly owner?: Tensor
}

/**
 * All that a machine has to offer: memory, matrix products, formulas, and moving rows by index. Everything else in the
 * framework, from softmax to Adam, is a formula.
 *
 * Only backends touch elements. Layers hold tensors and pass them here.
 */
export interface Backend {
  /** What it is called in messages. */
  readonly name: string
  /** The number type of all its tensors. */
  readonly dtype: DType
  /** Whether it computes in its own time, as a device does: then what reads returns promises. Default: false. */
  readonly answersLater?: boolean
  /** What runs and why, in a sentence. */
  describe(): string
  /**
   * New memory, all zero.
   * @throws `MemoryError` if there is not so much.
   */
  zeros(shape: readonly number[]): Tensor
  /**
   * New memory for integers, all zero. With `count` they are rows, tokens or classes from 0 to `count - 1`: `write`
   * rejects others, so that kernels meet none, which on a device could not throw.
   * @throws `MemoryError` if there is not so much.
   */
  indices(shape: readonly number[], count?: number): Indices
  /**
   * Copies numbers in, in row-major order. What is put into `data` past the backend may go unnoticed: it keeps copies
   * in other orders.
   * @throws `ShapeError` if there are more numbers or fewer.
   * @throws `ValueError` if one is not a number, or where indices are written not an integer, or not one of their
   * `count`; then nothing has changed.
   */
  write(to: Tensor<Floats | Int32Array>, values: ArrayLike<number>): void
  /**
   * Copies all elements out, in row-major order.
   * @throws `ConfigurationError` on a backend that computes in its own time: await `readAsync` there.
   */
  read<Data extends Floats | Int32Array = Floats>(from: Tensor<Data>): Data
  /**
   * As `read`, on any backend: where it answers later, the result is a promise. All kernels that ran before count, and
   * nothing that runs after.
   */
  readAsync<Data extends Floats | Int32Array = Floats>(from: Tensor<Data>): Data | Promise<Data>
  /**
   * Binds numbers that are read again and again: a training step reads its loss and the norms of its gradients, once.
   * @throws `ShapeError` if a tensor has gaps between its elements.
   */
  readBack(from: readonly Tensor[]): ReadBack
  /**
   * Binds a matrix product.
   * @throws `ShapeError` if the sizes do not meet.
   */
  matmul(operands: ProductOf): Kernel
  /**
   * Binds many small products of one size. The result has the same bits as that of `matmul` for each group.
   * @throws `ShapeError` if the sizes do not meet.
   */
  batchedMatmul(operands: BatchedProductOf): Kernel
  /**
   * `matmul` for a `b` that stays as it is over many steps, so that a backend may bring it into a better order first.
   * @throws `ShapeError` if the sizes do not meet, or there is a `b` per step.
   */
  packedMatmul(operands: ProductOf): PackedProduct
  /**
   * Runs a formula over the grid of its operands: `element` [rows, columns], `column` [columns], `row`
   * [rows], `scalar` [].
   * @throws `ShapeError` if operands do not lie over one grid.
   * @throws `ConfigurationError` if one was made by another backend that keeps its memory to itself.
   */
  formula<Name extends string>(
    program: Program<Name>,
    operands: { readonly [name in Name]: Tensor<Floats | Int32Array> },
  ): Kernel
  /**
   * Runs a formula over the grid of each group, for one matrix per sequence or per head: 'element'
   * [groups, rows, columns], 'column' [groups, columns], 'row' [groups, rows], 'scalar' [groups]. An input whose groups
   * have a stride of 0 is the same for all.
   * @throws `ShapeError` if an operand has not one group each, or operands do not lie over one grid.
   */
  batchedFormula<Name extends string>(
    program: Program<Name>,
    operands: { readonly [name in Name]: Tensor<Floats | Int32Array> },
  ): Kernel
  /**
   * out[i] = table[indices[i]]: out [n, features], table [rows, features], indices [n].
   * @throws `ShapeError` if the sizes do not meet, or the indices were not made for the rows of the table or fewer.
   */
  gather(operands: { readonly out: Tensor; readonly table: Tensor; readonly indices: Indices }): Kernel
  /**
   * table[indices[i]] += rows[i]; the same row may be meant more than once.
   * @throws `ShapeError` if the sizes do not meet, or the indices were not made for the rows of the table or fewer.
   */
  scatterAdd(operands: { readonly table: Tensor; readonly rows: Tensor; readonly indices: Indices }): Kernel
  /**
   * Runs `make` (which plans something) and keeps account of the memory that it asks for. What is never disposed of is
   * freed when nobody holds it any more.
   * @throws `MemoryError` if there is not so much; it says how much is needed, for which `make` may be called twice.
   * @throws `ConfigurationError` if an option is unknown.
   */
  scope<T>(make: () => T, options?: ScopeOptions): Scope<T>
  /** Whether a scope with a profile is open: what is bound now has its time told, and is of no use to others. */
  readonly profiling?: () => boolean
}
