import type { Expression } from './expression.ts'
import { operations } from './operations.ts'
import { topological } from './walk.ts'

/** Reverse-mode differentiation: from the adjoints of some outputs, the adjoint of every node they depend on. */
export const adjoints = (outputs: readonly Expression[], seeds: readonly Expression[]): Map<Expression, Expression> => {
  const adjoint = new Map<Expression, Expression>()
  const give = (e: Expression, g: Expression): void => {
    const before = adjoint.get(e)
    adjoint.set(e, before ? before.add(g) : g)
  }
  outputs.forEach((output, i) => give(output, seeds[i]!))
  for (const y of topological(outputs).reverse()) {
    const g = adjoint.get(y)
    if (!g) continue
    operations[y.op].vjp(g, y, y.args).forEach((share, i) => {
      if (share) give(y.args[i]!, share)
    })
  }
  return adjoint
}
