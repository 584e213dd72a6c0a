import type { Operand } from '@recurra/formula'
import { at, describeShape, ShapeError, swapTimeAndBatch } from '@recurra/tensor'
import type { Backend, Kernel } from './backend.ts'
import { rank } from './grid.ts'
import { inOrder } from './in-order.ts'

const fault = (name: string, expected: string, got: string): ShapeError =>
  new ShapeError({
    where: `operand ${name}`,
    expected,
    got,
    fix: 'Give every operand an axis for groups; with a stride of 0 it is the same in all of them.',
  })

/**
 * Runs a formula over the grid of each group, for one matrix per sequence or per head: `element` [groups, rows,
 * columns], `column` [groups, columns], `row` [groups, rows], `scalar` [groups]. An input whose groups have a stride of
 * 0 is the same for all groups. A backend may bind all groups at once.
 * @throws `ShapeError` if the operands differ in the number of groups, do not fit one grid, or the groups of an output
 * share one memory.
 */
export const batchedFormula = (
  backend: Pick<Backend, 'formula' | 'batchedFormula'>, ...[program, operands]: Parameters<Backend['formula']>
): Kernel => backend.batchedFormula?.(program, operands) ?? formulaOfEach(backend, program, operands)

const formulaOfEach = (
  backend: Pick<Backend, 'formula'>, ...[program, operands]: Parameters<Backend['formula']>
): Kernel => {
  const named: readonly Operand[] = [...program.inputs, ...program.outputs]
  const tensors = operands as { readonly [name: string]: Parameters<Backend['write']>[0] }
  /** An operand whose first axis is its groups. */
  const grouped = named.map(({ name, kind }) => {
    const x = tensors[name]
    const before = (x?.shape.length ?? 0) - rank[kind] - 1
    if (x && (before === 0 || before === 1)) return [name, before === 1 ? swapTimeAndBatch(x) : x] as const
    const got = x ? describeShape(x.shape) : 'nothing'
    throw fault(name, `${rank[kind] + 1} axes, groups first, or one more for time`, got)
  })
  const groups = grouped[0]?.[1].shape[0] ?? 0
  for (const [name, { shape: [own] }] of grouped)
    if (own !== groups) throw fault(name, `${groups} groups`, String(own))
  for (const [name, { stride }] of grouped.slice(program.inputs.length))
    if (groups > 1 && stride[0] === 0) throw fault(name, 'memory of its own for each group', 'the same for all')
  return inOrder(Array.from({ length: groups }, (_, g) =>
    backend.formula(program, Object.fromEntries(grouped.map(([name, x]) => [name, at(x, g)])))))
}
