import { batchedFormula, type Backend, type Kernel } from '@recurra/backend'
import { inOrder, requiresGradient, variable, zero, type Variable } from '@recurra/layers/authoring'
import { transposed, type Tensor } from '@recurra/tensor'
import { DerivedFormula } from './derived-formula.ts'

/** A variable on a tape, or a view of one. */
export interface Traced extends Variable {
  /** The variable that a view shows; all its views share the gradient. */
  readonly root?: Variable
  /** Whether the view shows some elements: the gradient is set to 0 first, and every such view adds to it. */
  readonly part?: boolean
  /** Whether everything adds to the gradient, as to that of a parameter. */
  readonly accumulates?: boolean
}

/** The same elements in another shape. */
export const viewOn = (of: Traced, see: (x: Tensor) => Tensor): Traced => ({
  root: of.root ?? of,
  ...(of.part && { part: true }),
  ...(of.accumulates && { accumulates: true }),
  value: see(of.value),
  grad: requiresGradient(of) ? see(of.grad) : of.grad,
})

/** Some elements of a variable. */
export const partOf = (of: Traced, see: (x: Tensor) => Tensor): Traced => ({ ...viewOn(of, see), part: true })

/** A constant: nothing asks for its gradient. */
export const fixed = (backend: Backend, value: Tensor): Traced => ({ value, grad: backend.zeros([0]) })

/** A parameter, to whose gradient everything adds; at inference it is a constant. */
export const learned = (backend: Backend, of: Variable, training: boolean): Traced =>
  training ? { value: of.value, grad: of.grad, accumulates: true } : fixed(backend, of.value)

/** One operation: its kernels, and backward, given which gradients hold something already, those of its gradients. */
export interface Step {
  readonly forward: readonly Kernel[]
  readonly backward: (claim: Claim) => Kernel[]
}

/** Who writes a gradient asks whether to add to it, and runs `clear` before. */
export type Claim = (of: Traced) => { readonly clear: readonly Kernel[]; readonly adds: boolean }

const rootOf = (of: Traced): Variable => of.root ?? of

/**
 * Records products and formulas of variables, and derives the pass back: it runs the operations in reverse, and each
 * gradient is overwritten by its first reader and added to by the others. An operation may have an axis for time, as
 * all kernels; given how many `times` they run one after the other, an intermediate result keeps the value of each for
 * the way back.
 */
export class Tape {
  readonly backend: Backend
  readonly training: boolean
  readonly #times: number | undefined
  readonly #steps: Step[] = []

  constructor(backend: Backend, training: boolean, times?: number) {
    this.backend = backend
    this.training = training
    this.#times = times
  }

  /** New memory for an intermediate result. */
  variable(...shape: readonly number[]): Traced {
    const made = variable(this.backend, shape, this.training)
    return this.training && this.#times ? { ...made, value: this.backend.zeros([this.#times, ...shape]) } : made
  }

  /** y = a·b for each group, or y += a·b; one of the two may be given as its transpose. */
  product(
    y: Traced, a: Traced, b: Traced,
    { accumulate = false, transpose }: { readonly accumulate?: boolean; readonly transpose?: 'a' | 'b' } = {},
  ): Traced {
    const { backend } = this
    const left = transpose === 'a' ? transposed(a.value) : a.value
    const right = transpose === 'b' ? transposed(b.value) : b.value
    this.#steps.push({
      forward: [backend.batchedMatmul({ out: y.value, a: left, b: right, accumulate })],
      backward: (claim) => {
        // Of a transpose, the gradient is the transpose: (l·r)' = r'·l'.
        const gradient = (of: Traced, turned: boolean, l: Tensor, r: Tensor): Kernel[] => {
          if (!requiresGradient(of)) return []
          const { clear, adds } = claim(of)
          const [first, second] = turned ? [transposed(r), transposed(l)] : [l, r]
          return [...clear, backend.batchedMatmul({ out: of.grad, a: first, b: second, accumulate: adds })]
        }
        return [
          ...gradient(a, transpose === 'a', y.grad, transposed(right)),
          ...gradient(b, transpose === 'b', transposed(left), y.grad),
        ]
      },
    })
    return y
  }

  /** The outputs of a formula, from its operands by name; over groups, if there is an axis for them. */
  formula(
    formula: DerivedFormula, outputs: { readonly [name: string]: Traced },
    operands: { readonly [name: string]: Traced }, { grouped = false }: { readonly grouped?: boolean } = {},
  ): void {
    const { backend } = this
    const [first] = Object.values(outputs) as [Traced]
    const grid = first.value.shape.slice(first.value.shape.length - (grouped ? 3 : 2))
    const columns = backend.zeros(grouped ? [grid[0]!] : [])
    backend.write(columns, new Float64Array(grouped ? grid[0]! : 1).fill(grid.at(-1)!))
    const memory: { [name: string]: Tensor } = { columns }
    for (const [name, { value, grad }] of Object.entries(operands)) [memory[name], memory[`d.${name}`]] = [value, grad]
    for (const [name, { value, grad }] of Object.entries(outputs))
      [memory[name], memory[`y.${name}`], memory[`d.${name}`]] = [value, value, grad]
    const means = (names: readonly string[]): void => {
      for (const name of names) memory[name] ??= backend.zeros(grid.slice(0, -1))
    }
    const bind = ({ programs, means: needed }: typeof formula.forward): Kernel[] => {
      means(needed)
      return programs.map((program) =>
        grouped ? batchedFormula(backend, program, memory) : backend.formula(program, memory))
    }
    means(formula.saved)
    this.#steps.push({
      forward: bind(formula.forward),
      backward: (claim) => {
        const clears: Kernel[] = []
        const wanted = [...formula.kinds.keys()]
          .filter((name) => operands[name] && requiresGradient(operands[name]))
          .map((name) => {
            const { clear, adds } = claim(operands[name]!)
            clears.push(...clear)
            return { name, adds }
          })
        return wanted.length === 0 ? [] : [...clears, ...bind(formula.backward(wanted))]
      },
    })
  }

  /** An operation of another kind. */
  record(step: Step): void {
    this.#steps.push(step)
  }

  /** The kernels of both directions. */
  kernels(): { readonly forward: Kernel; readonly backward: Kernel } {
    const written = new Set<Variable>()
    const claim: Claim = (of) => {
      const root = rootOf(of)
      const adds = written.has(root)
      written.add(root)
      const clear = of.part && !adds ? [zero(this.backend, root.grad)] : []
      return { clear, adds: adds || of.part === true || of.accumulates === true }
    }
    return {
      forward: inOrder(this.#steps.flatMap(({ forward }) => forward)),
      backward: inOrder(this.training ? [...this.#steps].reverse().flatMap(({ backward }) => backward(claim)) : []),
    }
  }
}
