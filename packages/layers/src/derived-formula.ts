import {
  accumulate, differentiate, gradientOf, input, inputsOf, outputsOf, passesOf, substitute, sumOverAll, sumOverColumns,
  sumOverRows, writtenAs, type Expression, type FormulaPasses, type OperandKind, type Target,
} from '@recurra/formula'

const sums: { readonly [kind in OperandKind]: (e: Expression) => Expression | Target } = {
  element: (e) => e, column: sumOverRows, row: sumOverColumns, scalar: sumOverAll,
}

type Formulas = { readonly [output: string]: Expression }

/** What the gradient of an operand does to the memory of the gradient. */
export interface ClaimedGradient {
  /** The operand whose gradient it is. */
  readonly name: string
  /** Whether it adds to what is there, since another reader has written before. */
  readonly adds: boolean
}

/** A formula and its derivative, worked out once for any number of plans. */
export class DerivedFormula {
  /** What it computes. */
  readonly forward: FormulaPasses
  /** How each operand that it reads is broadcast over the grid. */
  readonly kinds: ReadonlyMap<string, OperandKind>
  /** Means over the columns that the derivative reads again; the forward pass writes them. */
  readonly saved: readonly string[]
  readonly #gradients: Formulas
  readonly #backward = new Map<string, FormulaPasses>()

  /** From its outputs, of which those in `sums` are summed over the columns: one number per row. */
  constructor(formulas: Formulas, sums: Formulas = {}) {
    const all = { ...formulas, ...sums }
    this.kinds = new Map([...inputsOf(Object.values(all))].map(([name, { kind }]) => [name, kind]))
    const { outputs, saved, gradients } = differentiate(all, [...this.kinds.keys()], { save: false })
    const written = Object.entries(outputs).map(([name, e]) => [name, name in sums ? sumOverColumns(e) : e] as const)
    this.forward = passesOf(outputsOf<string>({ ...Object.fromEntries(written), ...saved }))
    this.saved = Object.keys(saved)
    // What is in memory of a sum is a number per row, not each of its terms.
    const perRow = new Map(Object.entries(sums).flatMap(([name, term]) =>
      [[gradientOf(name), input(gradientOf(name), 'row')], [writtenAs(name), term]] as const))
    const ofSums = (e: Expression): Expression | undefined => (e.op === 'input' ? perRow.get(e.name) : undefined)
    this.#gradients = Object.fromEntries(Object.entries(gradients).map(([name, e]) => [name, substitute(e, ofSums)]))
  }

  /** The gradients of some operands, as `d.<operand>`, from `d.<output>`. */
  backward(wanted: readonly ClaimedGradient[]): FormulaPasses {
    const key = wanted.map(({ name, adds }) => `${adds ? '+' : '='}${name}`).join()
    let passes = this.#backward.get(key)
    if (!passes) {
      const target = ({ name, adds }: ClaimedGradient): Expression | Target => {
        const of = sums[this.kinds.get(name)!](this.#gradients[name]!)
        return adds ? accumulate(of) : of
      }
      const targets = wanted.map((one) => [gradientOf(one.name), target(one)] as const)
      passes = passesOf(outputsOf<string>(Object.fromEntries(targets)))
      this.#backward.set(key, passes)
    }
    return passes
  }
}

/**
 * y = x, for a `Tape`.
 * @function
 */
export const copied: DerivedFormula = /* @__PURE__ */ new DerivedFormula({ y: input('x') })
