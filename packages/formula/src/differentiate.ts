import { constant, input, isReduction, type Expression } from './expression.ts'
import { operations } from './operations.ts'
import { Simplifier } from './simplify.ts'
import { inputsOf, substitute, topological } from './walk.ts'

/** The operand that holds the gradient of another one. */
export const gradientOf = (operand: string): string => `d.${operand}`

/** The operand by which a derivative reads an output that the formula has written. */
export const writtenAs = (output: string): string => `y.${output}`

/** A formula and its derivative, with the values that the formula saves for the derivative. */
export interface Derivative {
  /** The outputs, simplified: `y` reads what the forward pass wrote. */
  readonly outputs: { readonly [output: string]: Expression }
  /**
   * Expensive intermediate results: the forward pass writes them, and the gradients read them as inputs of these names;
   * a mean is one value per row.
   */
  readonly saved: { readonly [name: string]: Expression }
  /** The gradient of every requested input; 0 if nothing flows to it. */
  readonly gradients: { readonly [input: string]: Expression }
}

const record = <V>(entries: Iterable<readonly [string, V]>): { [name: string]: V } => Object.fromEntries(entries)

/** A value that is the same along a row is computed once per row: there is no need to save it for each element. */
const isSameAlongRow = ({ op, kind, args }: Expression): boolean =>
  op === 'constant' || isReduction(op) ||
  (op === 'input' ? kind === 'row' || kind === 'scalar' : args.length > 0 && args.every(isSameAlongRow))

/**
 * d(outputs)/d(inputs), by reverse mode. The gradients are expressions over
 * - `d.<output>` (`gradientOf`): the adjoint of an output (an input of the derivative),
 * - the inputs of the formula, and `y.<output>` (`writtenAs`), its outputs: both are in memory anyway,
 * - `saved.<n>`: values that are expensive to compute (unless `save` is off), and all means. Cheap steps are
 * recomputed.
 */
export const differentiate = (
  outputs: { readonly [name: string]: Expression },
  wrt: readonly string[],
  { save = true }: { save?: boolean } = {},
): Derivative => {
  const simplifier = new Simplifier()
  const values = new Map(Object.entries(outputs).map(([name, value]) => [name, simplifier.simplify(value)]))
  const nodes = new Set(topological(values.values()))
  const inputs = inputsOf(values.values())
  const adjoint = adjoints([...values.values()], [...values.keys()].map((name) => input(gradientOf(name))))

  const outputName = new Map([...values].map(([name, value]) => [value, name]))
  const saved = new Map<Expression, string>()
  /** Replaces the saved parts of the forward formula in a gradient by inputs. */
  const fromMemory = (e: Expression): Expression | undefined => {
    if (!nodes.has(e) || e.args.length === 0) return undefined
    const output = outputName.get(e)
    if (output !== undefined) return input(writtenAs(output))
    if (!isReduction(e.op) && (!save || !operations[e.op].expensive || isSameAlongRow(e))) return undefined
    if (!saved.has(e)) saved.set(e, `saved.${saved.size}`)
    return input(saved.get(e)!, isReduction(e.op) ? 'row' : 'element')
  }
  const gradient = (name: string): Expression => {
    const x = inputs.get(name)
    const g = x && adjoint.get(x)
    return g ? substitute(simplifier.simplify(g), fromMemory) : constant(0)
  }
  const gradients = record(wrt.map((name) => [name, gradient(name)] as const))
  return {
    outputs: record(values),
    saved: record([...saved].map(([value, name]) => [name, value] as const)),
    gradients,
  }
}

/** Reverse-mode differentiation: from the adjoints of some outputs, the adjoint of every node they depend on. */
const adjoints = (outputs: readonly Expression[], seeds: readonly Expression[]): Map<Expression, Expression> => {
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
