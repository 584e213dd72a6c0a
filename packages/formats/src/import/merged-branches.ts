import { branches, gated, residual, type Blueprint, type Merge } from '@recurra/layers'

/** Branches as one layer, and the names under which their parameters are in it; '' for its own. */
export interface MergedBranches {
  readonly blueprint: Blueprint
  readonly names: readonly string[]
}

/** The plainest layer that merges branches of one input: x + f(x), f(x) · g(x), or another merge of two or more. */
export const mergedBranches = (merge: Merge, lists: readonly (readonly Blueprint[])[]): MergedBranches => {
  const [first, second, ...others] = lists as [readonly Blueprint[], readonly Blueprint[]]
  const two = others.length === 0
  if (two && merge === 'sum' && (first.length === 0) !== (second.length === 0))
    return { blueprint: residual([...first, ...second]) as Blueprint, names: ['', ''] }
  if (two && merge === 'product' && first.length > 0 && second.length > 0)
    return { blueprint: gated(first, second) as Blueprint, names: ['value', 'gate'] }
  return { blueprint: branches(lists, { merge }) as Blueprint, names: lists.map((_, i) => String(i)) }
}
