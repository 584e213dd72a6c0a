import type { FormulaTree } from '@recurra/layers'

/** Some neighbouring features of what a formula reads. */
export interface Slice {
  readonly from: number
  readonly to: number
}

/** A formula under construction: numbers, features, one number for each feature, and operations on them. */
export type Tree = number | Slice | Float32Array | Operation
/** An operation of `formulaLayer` on others. */
export interface Operation {
  readonly operation: string
  readonly args: readonly Tree[]
  /** The number of operations in it, so that none becomes too large. */
  readonly size: number
}

/** An operation on trees. */
export const operation = (name: string, ...args: readonly Tree[]): Operation =>
  ({ operation: name, args, size: args.reduce<number>((sum, arg) => sum + sizeOfTree(arg), 1) })

/** The number of operations in a tree. */
export const sizeOfTree = (tree: Tree): number => (isOperation(tree) ? tree.size : 0)

export const isOperation = (tree: Tree): tree is Operation => typeof tree === 'object' && 'operation' in tree

/** A tree as plain data, with its slices and its numbers for each feature. */
export interface PlainTree {
  readonly tree: FormulaTree
  readonly slices: readonly (readonly [from: number, to: number])[]
  readonly columns: readonly Float32Array[]
}

/** Names slices `x0`, `x1`, … and numbers for each feature `p0`, `p1`, …, in the order in which they occur. */
export const plainTree = (tree: Tree): PlainTree => {
  const slices: (readonly [number, number])[] = []
  const columns: Float32Array[] = []
  const plain = (part: Tree): FormulaTree => {
    if (typeof part === 'number') return part
    if (isOperation(part)) return [part.operation, ...part.args.map(plain)]
    if (part instanceof Float32Array) return `p${placeOf(columns, part)}`
    const at = slices.findIndex(([from, to]) => from === part.from && to === part.to)
    return `x${at < 0 ? slices.push([part.from, part.to]) - 1 : at}`
  }
  return { tree: plain(tree), slices, columns }
}

const placeOf = (columns: Float32Array[], one: Float32Array): number => {
  const at = columns.indexOf(one)
  return at < 0 ? columns.push(one) - 1 : at
}
