import type { Backend, Kernel, ReadBack } from '@recurra/backend'
import { formula, input, outputsOf, programOf, square, sumOverAll, type Program } from '@recurra/formula'
import { inOrder, namedVariables, zero, type Params } from '@recurra/layers'
import { asRows, at, type Tensor } from '@recurra/tensor'
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
  /** What `take` needs to have read, after `measure`. */
  readonly scalars: readonly Tensor[]
  /** Reads them alone, where nothing else is read with them. */
  readonly readBack: ReadBack
  readonly #backend: Backend
  readonly #paths: readonly string[]
  readonly #clear: Kernel
  readonly #measure: Kernel
  readonly #measured: Float64Array // the sum of squares of each, then the length of each, if that is another
  readonly #clipping: Clipping
  readonly #factor: Tensor
  readonly #given = new Float64Array(1)
  readonly #scale: Kernel

  constructor(backend: Backend, params: Params, clip?: Clip) {
    const [all, clipping] = [namedVariables(params), clippingOf(clip)]
    const program = measuring(clipping)
    const [sums, lengths] = [backend.zeros([all.length]), backend.zeros([clipping.length ? all.length : 0])]
    this.scalars = [sums, lengths]
    this.readBack = backend.readBack(this.scalars)
    this.#backend = backend
    this.#paths = all.map(([path]) => path)
    this.#clear = inOrder(all.map(([, { grad }]) => zero(backend, grad)))
    this.#measure = inOrder(all.map(([, { grad }], i) => {
      const length = clipping.length && { length: at(lengths, i) }
      return backend.formula(program, { grad: asRows(grad), sum: at(sums, i), ...length })
    }))
    this.#measured = new Float64Array(this.readBack.values.length)
    this.#clipping = clipping
    this.#factor = backend.zeros([])
    const scale = all.map(([, { grad }]) => backend.formula(scaling, { grad: asRows(grad), factor: this.#factor }))
    this.#scale = inOrder(scale)
  }

  /** All become 0. */
  clear(): void {
    this.#clear(0)
  }

  /**
   * -> scalars; and each number is clipped by value, in the same pass. Clipping by norm needs it anyway, and it finds
   * every number that is not finite.
   */
  measure(): void {
    this.#measure(0)
  }

  /** Takes the scalars as they were read, from a place on -> norm. */
  take(values: Float64Array, from: number): void {
    for (let i = 0; i < this.#measured.length; i++) this.#measured[i] = values[from + i]!
    let sum = 0
    for (let i = 0; i < this.#paths.length; i++) sum += this.#measured[i]!
    this.norm = Math.sqrt(sum)
  }

  /** Clips them by norm, once it is known. */
  clip(): void {
    const { factor, length } = this.#clipping
    if (!factor) return
    let longest = length ? 0 : this.norm
    if (length)
      for (let i = this.#paths.length; i < this.#measured.length; i++)
        longest = length.join(longest, this.#measured[i]!)
    const share = factor(longest)
    if (share < 1) this.scale(share)
  }

  /** All are multiplied by a number. */
  scale(factor: number): void {
    this.#given[0] = factor
    this.#backend.write(this.#factor, this.#given)
    this.#scale(0)
  }

  /** The parameters whose gradient made the norm not finite. */
  broken(): string[] {
    return this.#paths.filter((_, i) => !Number.isFinite(this.#measured[i]!))
  }
}
