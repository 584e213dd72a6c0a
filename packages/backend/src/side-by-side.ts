import { sizeOf, type Floats, type Tensor } from '@recurra/tensor'

/** Memory in one block, so that a single kernel serves many tensors. Optional for a backend. */
export interface SideBySide {
  /**
   * Runs `make`; the tensors that `zeros` makes in it lie side by side, in order, where there is room. Used for the
   * parameters of a model, their gradients and the state of an optimizer. Default: tensors lie anywhere.
   */
  sideBySide?<T>(make: () => T): T
  /**
   * One row [1, n] over tensors that lie side by side in this order, for formulas: their elements and what the memory
   * has between them, a few zeros. `undefined` if they do not lie so. Default: no tensors do.
   */
  joined?(tensors: readonly Tensor[]): Tensor | undefined
  /**
   * The elements of a tensor without gaps, in the memory itself, for a library that reads and writes them there, such
   * as MPI. Only for tensors that no kernel keeps a copy of in another order: gradients, and memory that the caller
   * allocated. Default: the memory is not accessible; a device copies.
   */
  elements?(tensor: Tensor): Floats
}

/** Runs `make`, with its tensors side by side if the backend can do that. */
export const sideBySide = <T>(backend: SideBySide, make: () => T): T =>
  backend.sideBySide ? backend.sideBySide(make) : make()

/** Some tensors by the name of an operand, such as a parameter's value and its gradient. */
export type TensorsByName = { readonly [name: string]: Tensor }

/** The operands of one kernel: neighbors as one row, or a single one. */
export interface Range {
  /** Each operand as one row. */
  readonly operands: TensorsByName
  /** The position of the first of them. */
  readonly from: number
}

const lengthOf = (operands: TensorsByName): Set<number> =>
  new Set(Object.values(operands).map(({ shape }) => sizeOf(shape)))

/**
 * Joins neighbors: an element-wise formula then runs once for all of them. `alike` is whether the one at a position may
 * be joined with the one before it.
 */
export const rangesOf = (
  backend: SideBySide, all: readonly TensorsByName[], alike: (position: number) => boolean = () => true,
): readonly Range[] => {
  const names = Object.keys(all[0] ?? {})
  const join = (from: number, to: number): TensorsByName | undefined => {
    const rows = names.map((name) => [name, backend.joined?.(all.slice(from, to).map((one) => one[name]!))] as const)
    const joined = Object.fromEntries(rows) as TensorsByName
    return rows.every(([, row]) => row) && lengthOf(joined).size === 1 ? joined : undefined
  }
  const starts = all.flatMap((_, i) => (i > 0 && alike(i) && join(i - 1, i + 1) ? [] : [i]))
  return starts.map((from, i) => {
    const to = starts[i + 1] ?? all.length
    return { operands: (to - from > 1 && join(from, to)) || all[from]!, from }
  })
}

/**
 * The memory of arrays that fill blocks of one buffer, each of which begins less than `alignment` bytes after the end
 * of the one before: as a single array.
 */
export const joinedArrays = <A extends Floats>(arrays: readonly A[], alignment: number): A | undefined => {
  const [first, last] = [arrays[0]!, arrays.at(-1)!]
  for (let i = 1; i < arrays.length; i++) {
    const [before, next] = [arrays[i - 1]!, arrays[i]!]
    const gap = next.byteOffset - before.byteOffset - before.byteLength
    if (next.buffer !== before.buffer || gap < 0 || gap >= alignment) return undefined
  }
  const bytes = last.byteOffset + last.byteLength - first.byteOffset
  const Same = first.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => A
  return new Same(first.buffer, first.byteOffset, bytes / first.BYTES_PER_ELEMENT)
}
