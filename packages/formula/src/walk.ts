import { Expression } from './expression.ts'

/** Every node once, each after its arguments. */
export const topological = (roots: Iterable<Expression>): Expression[] => {
  const order: Expression[] = []
  const seen = new Set<Expression>()
  const visit = (e: Expression): void => {
    if (seen.has(e)) return
    seen.add(e)
    e.args.forEach(visit)
    order.push(e)
  }
  for (const root of roots) visit(root)
  return order
}

/** The inputs that expressions read, by name. */
export const inputsOf = (roots: Iterable<Expression>): Map<string, Expression> =>
  new Map(topological(roots).filter((e) => e.op === 'input').map((e) => [e.name, e]))

/** Rebuilds an expression with some nodes replaced; shared nodes stay shared. */
export const substitute = (root: Expression, replace: (e: Expression) => Expression | undefined): Expression => {
  const done = new Map<Expression, Expression>()
  const visit = (e: Expression): Expression => {
    let result = done.get(e)
    if (!result) {
      result = replace(e) ?? (e.args.length ? new Expression(e.op, e.args.map(visit)) : e)
      done.set(e, result)
    }
    return result
  }
  return visit(root)
}
