/// <reference lib="esnext.disposable" preserve="true" />
// `Disposable` is newer than the ES2022 of the code, and the declarations of who installs this bring it along.
import type { Program } from '@recurra/formula'
import type { DType, Floats, Indices, Tensor } from '@recurra/tensor'
import type { BatchedProductOf, ProductOf } from './product-of.ts'
import type { SideBySide } from './side-by-side.ts'

/**
 * A computation bound to its memory. Binding allocates; running never does.
 *
 * An operand may have one axis more than its role needs: its first axis is then time, and `step` is the position on
 * that axis. An operand without that axis is the same at every step.
 */
export type Kernel = (step: number) => void

/** A matrix product that uses the same `b` at many steps. */
export interface PackedProduct {
  /** Reads `b` again. Call it after `b` has changed, once for any number of steps. */
  readonly prepare: () => void
  /** The product itself. */
  readonly run: Kernel
}

/**
 * Values that the program itself reads, such as a loss: bound once, then copied out of the backend's memory as often as
 * they are needed.
 */
export interface ReadBack {
  /** The elements of all tensors, one tensor after the other, as of the last run. */
  readonly values: Float64Array
  /**
   * Reads them. An asynchronous backend returns a promise. The values include the work of all kernels that ran before.
   * @throws `DeviceError` if the device was lost, or could not run what came before: the promise is rejected.
   */
  run(): void | Promise<void>
}

/** The time that kernels took, in milliseconds. */
export interface Profile {
  /** Matrix products, including the packing of their operands. */
  matmul: number
  /** Formulas. */
  formulas: number
  /** Rows moved by index: `gather` and `scatterAdd`. */
  moves: number
}

/**
 * What was made in a scope, and the way to free its memory: `using scope = backend.scope(…)`, or
 * `scope[Symbol.dispose]()`.
 */
export interface Scope<T> extends Disposable {
  /** What was made. It may not be used after disposal. */
  readonly value: T
  /** The memory that it allocated, in bytes. */
  readonly bytes: number
}

/** Options of `scope`. */
export interface ScopeOptions {
  /**
   * Kernels bound in this scope add their time to this profile, and so do kernels of inner scopes without a profile of
   * their own, such as a stream. Measuring slows kernels down a little. Default: nothing is measured.
   */
  readonly profile?: Profile
  /**
   * The tensor that owns what is made: it is freed with the scopes in which the tensor was made, not with those around
   * this one, and its time is not profiled. Use it for what outlives its first user, such as a gradient, which belongs
   * to its parameter. Default: the scopes around this one own it.
   */
  readonly owner?: Tensor
}

/**
 * What a machine must provide: memory, matrix products, formulas, and moving rows by index. Everything else in the
 * framework, from softmax to Adam, is a formula. Only backends touch elements; layers hold tensors and pass them here.
 */
export interface Backend extends SideBySide {
  /** Its name in messages. */
  readonly name: string
  /** The number type of all its tensors. */
  readonly dtype: DType
  /** Whether it is asynchronous, as a device is: functions that read then return promises. Default: false. */
  readonly answersLater?: boolean
  /** Throws if it is for inference alone: called when training is planned. Default: training is possible. */
  readonly expectTraining?: (where: string) => void
  /** Whether weights are kept in another form, as float16: products with them are all packed. Default: false. */
  readonly packsWeights?: boolean
  /**
   * Whether products round their left factor row by row, as those of int8 weights do: a layer then multiplies the same
   * rows in every call, so that a stream gives what `predict` gives. Default: false.
   */
  readonly roundsRows?: boolean
  /** Loads its kernels, before the first step: `fit`, `evaluate`, `predict` and sessions do. Default: all are there. */
  readonly load?: () => Promise<void>
  /** A sentence that names what runs, and why. */
  describe(): string
  /**
   * New memory, all zero.
   * @throws `MemoryError` if there is not enough memory.
   */
  zeros(shape: readonly number[]): Tensor
  /**
   * New memory for integers, all zero. With `count` they are rows, tokens or classes from 0 to `count - 1`, and `write`
   * rejects all others: a kernel on a device cannot throw.
   * @throws `MemoryError` if there is not enough memory.
   */
  indices(shape: readonly number[], count?: number): Indices
  /**
   * Copies numbers in, in row-major order. Always use it instead of writing to `data`: the backend keeps copies in
   * other orders, and would not update them.
   * @throws `ShapeError` if there are more numbers or fewer.
   * @throws `ValueError` if a list has something that is not a number, or a finite one that is too large for the number
   * type, or an index is not an integer or is not less than their `count`; nothing has changed then. Floats in a typed
   * array are copied without a look at them: check those of a user with `expectHeld` of `@recurra/tensor`.
   */
  write(to: Tensor<Floats | Int32Array>, values: ArrayLike<number>): void
  /**
   * Copies all elements out, in row-major order.
   * @throws `ConfigurationError` on an asynchronous backend: await `readAsync` there.
   */
  read<Data extends Floats | Int32Array = Floats>(from: Tensor<Data>): Data
  /** Like `read`, on any backend: a promise on an asynchronous one. Kernels that run later do not affect the values. */
  readAsync<Data extends Floats | Int32Array = Floats>(from: Tensor<Data>): Data | Promise<Data>
  /**
   * Binds values that are read repeatedly: each training step reads its loss and the norms of its gradients in one
   * call.
   * @throws `ShapeError` if a tensor has gaps between its elements.
   */
  readBack(from: readonly Tensor[]): ReadBack
  /** Binds a matrix product. @throws `ShapeError` if the sizes do not match. */
  matmul(operands: ProductOf): Kernel
  /**
   * Binds many small products of one size. The result is bit-identical to `matmul` for each group.
   * @throws `ShapeError` if the sizes do not match.
   */
  batchedMatmul(operands: BatchedProductOf): Kernel
  /**
   * `matmul` for a `b` that does not change over many steps, so that a backend may first pack it in a faster order.
   * @throws `ShapeError` if the sizes do not match, or there is a `b` per step.
   */
  packedMatmul(operands: ProductOf): PackedProduct
  /**
   * Runs a formula over the grid of its operands: `element` [rows, columns], `column` [columns], `row`
   * [rows], `scalar` [].
   * @throws `ShapeError` if the operands do not fit one grid.
   * @throws `ConfigurationError` if one was made by another backend, which does not share its memory.
   */
  formula<Name extends string>(
    program: Program<Name>,
    operands: { readonly [name in Name]: Tensor<Floats | Int32Array> },
  ): Kernel
  /** Binds `batchedFormula` for all groups at once. Default: `formula` for each group. */
  readonly batchedFormula?: (...given: Parameters<Backend['formula']>) => Kernel
  /**
   * out[i] = table[indices[i]]: out [n, features], table [rows, features], indices [n].
   * @throws `ShapeError` if the sizes do not match, or the indices were made with a `count` above the rows of the
   * table.
   */
  gather(operands: { readonly out: Tensor; readonly table: Tensor; readonly indices: Indices }): Kernel
  /**
   * table[indices[i]] += rows[i]; an index may occur more than once.
   * @throws `ShapeError` if the sizes do not match, or the indices were made with a `count` above the rows of the
   * table.
   */
  scatterAdd(operands: { readonly table: Tensor; readonly rows: Tensor; readonly indices: Indices }): Kernel
  /**
   * Runs `make` (which plans something) and records the memory that it allocates. What is never disposed of is freed
   * once nothing refers to it.
   * @throws `MemoryError` if there is not enough memory; it states how much is needed, and `make` may be called twice
   * to find out.
   * @throws `ConfigurationError` if an option is unknown.
   */
  scope<T>(make: () => T, options?: ScopeOptions): Scope<T>
  /** Whether a scope with a profile is open: what is bound now is timed, so others must not share it. */
  readonly profiling?: () => boolean
}
