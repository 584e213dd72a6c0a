import { input, isReduction, type Expression } from './expression.ts'
import { maxOverColumns, sumOverColumns, type FormulaOutput, type Target } from './output.ts'
import { programOf, type Program } from './program.ts'
import { Simplifier } from './simplify.ts'
import { substitute, topological } from './walk.ts'

/** A formula with means or maxima over columns, as programs to run one after the other. */
export interface FormulaPasses {
  /**
   * Each program may read what earlier ones wrote. Programs with means also read the scalar `columns`, the width of the
   * grid.
   */
  readonly programs: readonly Program[]
  /** The row operands that carry means from pass to pass; a mean that is also an output is read from there. */
  readonly means: readonly string[]
}

/** The pass in which each value can be computed: one after the pass that sums the means it needs. */
const placesOf = (roots: Iterable<Expression>): Map<Expression, number> => {
  const places = new Map<Expression, number>()
  for (const e of topological(roots))
    places.set(e, Math.max(0, ...e.args.map((arg) => places.get(arg)!)) + (isReduction(e.op) ? 1 : 0))
  return places
}

/** What a pass writes of a node over the columns of its row. */
const reduction = ({ op }: Expression, of: Expression): Target =>
  op === 'top' ? maxOverColumns(of) : sumOverColumns(of.div(input('columns', 'scalar')))

/**
 * Splits a formula at its means. An output is written as soon as possible, and read by later passes; an output that
 * adds to its operand, or updates it in place, is written last.
 */
export const passesOf = (outputs: readonly FormulaOutput[]): FormulaPasses => {
  const simplifier = new Simplifier()
  const simple = outputs.map((output) => ({ ...output, value: simplifier.simplify(output.value) }))
  const places = placesOf(simple.map(({ value }) => value))
  const nodes = [...places.keys()]
  const last = Math.max(0, ...simple.map(({ value: { op }, value }) => places.get(value)! - (isReduction(op) ? 1 : 0)))
  const read = new Set(nodes.filter(({ op }) => op === 'input').map(({ name }) => name))
  const isEarly = ({ name, kind, accumulate }: FormulaOutput): boolean =>
    kind === 'element' && !accumulate && !read.has(name)
  const plain = simple
    .filter(({ value }) => !isReduction(value.op))
    .map((output) => ({ output, pass: isEarly(output) ? places.get(output.value)! : last }))

  const means = new Map(
    nodes
      .filter(({ op }) => isReduction(op))
      .map((mean, i) => [mean, simple.find(({ value }) => value === mean)?.name ?? `mean.${i}`]),
  )
  const fromMemory = (pass: number) => (e: Expression): Expression | undefined => {
    if (means.has(e)) return input(means.get(e)!, 'row')
    const written =
      e.args.length > 0 &&
      plain.find(({ output, pass: earlier }) => output.value === e && earlier < pass && isEarly(output))
    return written ? input(written.output.name) : undefined
  }
  const programs = Array.from({ length: last + 1 }, (_, pass) => {
    const reduced = (e: Expression): Expression => substitute(e, fromMemory(pass))
    return programOf([
      ...plain
        .filter((output) => output.pass === pass)
        .map(({ output }) => ({ ...output, value: reduced(output.value) })),
      ...[...means]
        .filter(([mean]) => places.get(mean) === pass + 1)
        .map(([mean, name]) => ({ name, ...reduction(mean, reduced(mean.args[0]!)) })),
    ])
  })
  return { programs, means: [...means.values()].filter((name) => !simple.some((output) => output.name === name)) }
}
