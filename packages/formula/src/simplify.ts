import { constant, Expression, node, type NodeOp, type ExpressionLike } from './expression.ts'
import { operations } from './operations.ts'

const is = (x: Expression, value: number): boolean => x.op === 'constant' && x.value === value

/**
 * Folds constants, drops identities, and shares equal sub-expressions, so that each is computed once.
 *
 * It never folds `x · 0`: the product with NaN or infinity is NaN, and hiding that would hide an error.
 */
export class Simplifier {
  readonly #byContent = new Map<string, Expression>()
  readonly #done = new Map<Expression, Expression>()
  readonly #ids = new Map<Expression, number>()

  simplify(e: Expression): Expression {
    let result = this.#done.get(e)
    if (!result) {
      const args = e.args.map((arg) => this.simplify(arg))
      result = this.#share(this.#rewrite(e, args))
      this.#done.set(e, result)
    }
    return result
  }

  #id(e: Expression): number {
    let id = this.#ids.get(e)
    if (id === undefined) this.#ids.set(e, (id = this.#ids.size))
    return id
  }

  #share(e: Expression): Expression {
    if (this.#ids.has(e)) return e
    const ids = e.args.map((arg) => this.#id(arg))
    if (e.op === 'add' || e.op === 'mul') ids.sort((a, b) => a - b)
    const content = [e.op, Object.is(e.value, -0) ? '-0' : e.value, e.name, e.kind, ...ids].join(' ')
    const twin = this.#byContent.get(content)
    if (twin) return twin
    this.#byContent.set(content, e)
    this.#done.set(e, e)
    this.#id(e)
    return e
  }

  #again(op: NodeOp, ...args: ExpressionLike[]): Expression {
    return this.simplify(node(op, ...args))
  }

  #rewrite(e: Expression, args: readonly Expression[]): Expression {
    if (args.length === 0) return e
    const [a, b, c] = args as [Expression, Expression, Expression]
    if (args.every((arg) => arg.op === 'constant'))
      return constant(operations[e.op].evaluate(a.value, b?.value, c?.value))
    const shorter = this.#identity(e.op, a, b, c)
    if (shorter) return shorter
    return args.every((arg, i) => arg === e.args[i]) ? e : new Expression(e.op, args)
  }

  #identity(op: NodeOp, a: Expression, b: Expression, c: Expression): Expression | undefined {
    switch (op) {
      case 'add':
        if (is(a, 0)) return b
        if (is(b, 0)) return a
        if (b.op === 'neg') return this.#again('sub', a, b.args[0]!)
        if (a.op === 'neg') return this.#again('sub', b, a.args[0]!)
        return undefined
      case 'sub':
        if (is(b, 0)) return a
        if (is(a, 0)) return this.#again('neg', b)
        if (b.op === 'neg') return this.#again('add', a, b.args[0]!)
        return undefined
      case 'mul':
        if (is(a, 1)) return b
        if (is(b, 1)) return a
        if (is(a, -1)) return this.#again('neg', b)
        if (is(b, -1)) return this.#again('neg', a)
        if (b.op === 'neg') return this.#again('neg', this.#again('mul', a, b.args[0]!))
        if (a.op === 'neg') return this.#again('neg', this.#again('mul', a.args[0]!, b))
        return undefined
      case 'div':
        return is(b, 1) ? a : undefined
      case 'neg':
        if (a.op === 'neg') return a.args[0]!
        return a.op === 'sub' ? this.#again('sub', a.args[1]!, a.args[0]!) : undefined
      case 'select':
        return b === c ? b : undefined
      default:
        return undefined
    }
  }
}
