import {
  accumulate, differentiate, input, inputsOf, outputsOf, passesOf, substitute, sumOverAll, sumOverColumns, sumOverRows,
  type Expression, type FormulaPasses, type OperandKind, type Target,
} from '@recurra/formula'

const sums: { readonly [kind in OperandKind]: (e: Expression) => Expression | Target } = {
  element: (e) => e, column: sumOverRows, row: sumOverColumns, scalar: sumOverAll,
}

type Formulas = { readonly [output: string]: Expression }

/** What the gradient of an operand does to the memory of the gradient. */
export interface Gradient {
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
    const perRow = new Map(Object.keys(sums).map((name) => [`d.${name}`, input(`d.${name}`, 'row')]))
    const ofSums = (e: Expression): Expression | undefined => (e.op === 'input' ? perRow.get(e.name) : undefined)
    this.#gradients = Object.fromEntries(Object.entries(gradients).map(([name, e]) => [name, substitute(e, ofSums)]))
  }

  /** The gradients of some operands, as `d.<operand>`, from `d.<output>`. */
  backward(wanted: readonly Gradient[]): FormulaPasses {
    const key = wanted.map(({ name, adds }) => `${adds ? '+' : '='}${name}`).join()
    let passes = this.#backward.get(key)
    if (!passes) {
      const target = ({ name, adds }: Gradient): Expression | Target => {
        const of = sums[this.kinds.get(name)!](this.#gradients[name]!)
        return adds ? accumulate(of) : of
      }
      passes = passesOf(outputsOf<string>(Object.fromEntries(wanted.map((one) => [`d.${one.name}`, target(one)]))))
      this.#backward.set(key, passes)
    }
    return passes
  }
}
