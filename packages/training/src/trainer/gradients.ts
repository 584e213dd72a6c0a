import type { Backend, Kernel } from '@recurra/backend'
import { formula, input, outputsOf, programOf, square, sumOverAll, type Program } from '@recurra/formula'
import { namedVariables, zero, type Params } from '@recurra/layers'
import { asRows, type Tensor } from '@recurra/tensor'
import { scalar, setScalar } from '../scalar.ts'
import { clippingOf, type Clip, type Clipping } from './clip.ts'

const grad = input('grad')
const measuring = ({ each, length }: Clipping): Program =>
  programOf(outputsOf<string>({
    sum: sumOverAll(square(grad)),
    ...(length && { length: length.of(grad) }),
    ...(each && { grad: each(grad) }),
  }))
export const scaling: Program<'grad' | 'factor'> = formula(
  { element: ['grad'], scalar: ['factor'] },
  ({ grad, factor }) => ({ grad: grad.mul(factor) }),
)

/** The gradients of all parameters, as one long vector. */
export class Gradients {
  /**
   * The length of the vector before it was clipped. Not finite if a single number is not, or is too large to be
   * squared.
   */
  norm = 0
  readonly #paths: readonly string[]
  readonly #clear: readonly Kernel[]
  readonly #measure: readonly Kernel[]
  readonly #sums: readonly Tensor[]
  readonly #clipping: Clipping
  readonly #lengths: readonly Tensor[]
  readonly #factor: Tensor
  readonly #scale: readonly Kernel[]

  constructor(backend: Backend, params: Params, clip?: Clip) {
    const [all, clipping] = [namedVariables(params), clippingOf(clip)]
    const program = measuring(clipping)
    this.#paths = all.map(([path]) => path)
    this.#clear = all.map(([, { grad }]) => zero(backend, grad))
    this.#sums = all.map(() => backend.zeros([]))
    this.#lengths = all.map(() => backend.zeros([]))
    this.#measure = all.map(([, { grad }], i) =>
      backend.formula(program, { grad: asRows(grad), sum: this.#sums[i]!, length: this.#lengths[i]! }))
    this.#clipping = clipping
    this.#factor = backend.zeros([])
    this.#scale = all.map(([, { grad }]) => backend.formula(scaling, { grad: asRows(grad), factor: this.#factor }))
  }

  /** All become 0. */
  clear(): void {
    for (let i = 0; i < this.#clear.length; i++) this.#clear[i]!(0)
  }

  /**
   * -> norm; and each number is clipped by value, in the same pass. Clipping by norm needs it anyway, and it finds
   * every number that is not finite.
   */
  measure(): void {
    let sum = 0
    for (let i = 0; i < this.#measure.length; i++) {
      this.#measure[i]!(0)
      sum += scalar(this.#sums[i]!)
    }
    this.norm = Math.sqrt(sum)
  }

  /** Clips them by norm, once it is measured. */
  clip(): void {
    const { factor, length } = this.#clipping
    if (!factor) return
    let longest = length ? 0 : this.norm
    if (length) for (let i = 0; i < this.#lengths.length; i++) longest = length.join(longest, scalar(this.#lengths[i]!))
    const share = factor(longest)
    if (share < 1) this.scale(share)
  }

  /** All are multiplied by a number. */
  scale(factor: number): void {
    setScalar(this.#factor, factor)
    for (let i = 0; i < this.#scale.length; i++) this.#scale[i]!(0)
  }

  /** The parameters whose gradient made the norm not finite. */
  broken(): string[] {
    return this.#paths.filter((_, i) => !Number.isFinite(scalar(this.#sums[i]!)))
  }
}
