import type { Operand } from '@recurra/formula'
import { at, describeShape, ShapeError, swapTimeAndBatch } from '@recurra/tensor'
import type { Backend, Kernel } from './backend.ts'
import { rank } from './grid.ts'

const fault = (name: string, expected: string, got: string): ShapeError =>
  new ShapeError({
    where: `operand ${name}`,
    expected,
    got,
    fix: 'Give every operand an axis for groups; with a stride of 0 it is the same in all of them.',
  })

/**
 * A formula over groups, each of which is bound separately.
 * @throws `ShapeError` if an operand has no axis for groups, or a different number of them.
 */
export const batchedFormula = <Name extends string>(
  formula: Backend['formula'], ...[program, operands]: Parameters<typeof formula<Name>>
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
  const kernels = Array.from({ length: groups }, (_, g): Kernel =>
    formula(program, Object.fromEntries(grouped.map(([name, x]) => [name, at(x, g)])) as typeof operands))
  return (step) => {
    for (let g = 0; g < kernels.length; g++) kernels[g]!(step)
  }
}
