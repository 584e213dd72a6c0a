import type { Backend, Kernel } from '@recurra/backend'
import { asRows, ConfigurationError, describeShape, type Tensor } from '@recurra/tensor'
import { batchedProduct, type ProductOptions } from './batched-product.ts'
import { boundFormula, type VariablesByName } from './bound-formula.ts'
import { claims, type TapeOperation } from './claims.ts'
import type { DerivedFormula } from './derived-formula.ts'
import type { CallShape, Source } from './frame.ts'
import { features, gradientRows, withoutPadding } from './kernels.ts'
import { linearKernels, type LinearOperands } from './linear.ts'
import { passOf, type Pass } from './pass.ts'
import { requiresGradient, variable, viewOn, type Variable, type Wire } from './variable.ts'

/** The output of a layer that is written on a `Tape`. */
export interface TapeOutput {
  /** What the layer gives. */
  readonly y: Variable
  /** The same as rows, for operations to write: [time · batch, features]. */
  readonly written: Variable
}

/**
 * Records the operations of a layer, and derives the backward pass: it runs the operations in reverse, and each
 * gradient is overwritten by the operation that comes first and added to by the others. So a tensor may be read as
 * often as it is needed, and no layer has to know who reads it last.
 *
 * An operation may have an axis for time, as all kernels. For `times` that run one after the other, an intermediate
 * result keeps the value of each for the backward pass: run the tape's pass with `overSteps`.
 *
 * ```ts
 * import { javascript } from 'recurra'
 * import { DerivedFormula, input, Tape, variable } from 'recurra/authoring'
 *
 * const squared = new DerivedFormula({ y: input('x').mul(input('x')) })
 * const sum = new DerivedFormula({ y: input('a').add(input('b')) })
 *
 * const backend = javascript()
 * const tape = new Tape(backend, 'training')
 * const x = variable(backend, [1, 2])
 * const [square, y] = [tape.variable(1, 2), tape.variable(1, 2)]
 * tape.formula(squared, { y: square }, { x })
 * tape.formula(sum, { y }, { a: square, b: x }) // x is read twice
 * const { forward, backward } = tape.pass()
 * backend.write(x.value, [3, 4])
 * forward(0)
 * backend.write(y.grad, [1, 1])
 * backward(0)
 * console.log(backend.read(y.value), backend.read(x.grad)) // [12, 20] [7, 9]
 * ```
 */
export class Tape {
  /** On which its operations run. */
  readonly backend: Backend
  /** Whether it has a backward pass, 'training', or none. */
  readonly mode: CallShape['mode']
  readonly #times: number | undefined
  readonly #operations: TapeOperation[] = []
  /** Where the kernels of the forward pass go. */
  #forward: Kernel[] = []
  /** What the backward pass begins with. */
  readonly #arriving: Kernel[] = []

  constructor(backend: Backend, mode: CallShape['mode'], times?: number) {
    this.backend = backend
    this.mode = mode
    this.#times = times
  }

  /** Whether there is a backward pass. */
  get training(): boolean {
    return this.mode === 'training'
  }

  /** New memory for an intermediate result. */
  variable(...shape: readonly number[]): Variable {
    const made = variable(this.backend, shape, this.training)
    return this.training && this.#times ? { ...made, value: this.backend.zeros([this.#times, ...shape]) } : made
  }

  /** What has no gradient. */
  constant(value: Tensor): Variable {
    return { value, grad: this.backend.zeros([0]) }
  }

  /** The features of a wire as rows whose padding is 0, which may hold anything there. */
  withoutPadding(x: Wire, callShape: CallShape): Wire<Tensor> {
    const { x: value, clean } = withoutPadding(this.backend, features(x), callShape)
    this.record({ forward: clean, backward: () => [] })
    return { ...x, ...viewOn(x, asRows), value }
  }

  /**
   * New memory for the output of a layer, and the same as rows that operations write: in their gradient, padding is 0.
   */
  output(shape: readonly number[], callShape: CallShape): TapeOutput {
    const y = variable(this.backend, shape, this.training)
    const { x: grad, clean } = gradientRows(this.backend, y, callShape)
    this.#arriving.push(...clean)
    return { y, written: { value: asRows(y.value), grad } }
  }

  /** y = a·b for each group, or y += a·b; one of the two may be given as its transpose. */
  product(y: Variable, a: Variable, b: Variable, options: ProductOptions = {}): Variable {
    this.record(batchedProduct(this.backend, y, a, b, options))
    return y
  }

  /** y = x·W + b for each row, as the function `linear`. */
  linear(operands: LinearOperands, callShape: CallShape): void {
    const { x } = operands
    const { forward, backward } = linearKernels(this.backend, operands, callShape)
    this.record({
      forward,
      backward(claim) {
        const { clear, adds } = requiresGradient(x) ? claim(x) : { clear: [], adds: false }
        return [...clear, ...backward(adds)]
      },
    })
  }

  /** The outputs of a formula, from its operands by name; over groups, if there is an axis for them. */
  formula(
    formula: DerivedFormula, outputs: VariablesByName, operands: VariablesByName,
    { grouped = false }: { readonly grouped?: boolean } = {},
  ): void {
    this.record(boundFormula(this.backend, formula, outputs, operands, grouped))
  }

  /** An operation of another kind. */
  record({ forward, backward }: TapeOperation): void {
    this.#forward.push(...forward)
    this.#operations.push({ forward, backward })
  }

  /**
   * Runs a pass that is planned already. Backward, it may work in place, or overwrite the gradients of its inputs.
   * @throws `ConfigurationError`, from `pass`, if a later operation reads one of the inputs, too.
   */
  run({ forward, backward }: Pass, ...inputs: readonly Wire[]): void {
    this.record({
      forward: [forward],
      backward(claim) {
        const twice = inputs.find((x) => requiresGradient(x) && claim(x).adds)
        if (twice) throw readLater(twice)
        return [backward]
      },
    })
  }

  /** What `record` records runs forward only once for a source, by its owner; for no source, at every call. */
  oncePer<Recorded>(source: Source | undefined, record: () => Recorded): Recorded {
    if (!source) return record()
    const others = this.#forward
    this.#forward = []
    const recorded = record()
    source.prepare(...this.#forward)
    this.#forward = others
    return recorded
  }

  /**
   * The kernels of both directions.
   * @throws `ConfigurationError` if an operation reads all of a variable, and another one a disjoint view of it; or if
   * something reads the input of a pass that was run after that.
   */
  pass(): Pass {
    const claim = claims(this.backend, this.#times !== undefined)
    const back = this.training ? [...this.#operations].reverse().flatMap(({ backward }) => backward(claim)) : []
    return passOf(this.#forward, [...this.#arriving, ...back])
  }
}

const readLater = ({ value }: Wire): ConfigurationError => new ConfigurationError({
  where: 'Tape',
  expected: 'a pass that overwrites the gradient of its input to be the last to read it',
  got: `a later operation that reads the same, of shape ${describeShape(value.shape)}`,
  fix: 'Let one of the two read a copy: tape.formula(copied, { y }, { x }).',
})
