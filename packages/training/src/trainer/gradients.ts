import type { Backend, Kernel } from '@recurra/backend'
import { formula, square, sumOverAll } from '@recurra/formula'
import { leaves, zero, type Params } from '@recurra/layers'
import { asRows, type Tensor } from '@recurra/tensor'
import { scalar } from '../scalar.ts'

const squares = formula({ each: ['grad'] }, ({ grad }) => ({ sum: sumOverAll(square(grad)) }))

/** The gradients of all parameters, as one long vector. */
export class Gradients {
  /** The length of the vector when it was measured. Not finite if a single number is not, or is too large to be squared. */
  norm = 0
  readonly #paths: readonly string[]
  readonly #clear: readonly Kernel[]
  readonly #measure: readonly Kernel[]
  readonly #sums: readonly Tensor[]

  constructor(backend: Backend, params: Params) {
    const all = leaves(params)
    this.#paths = all.map(([path]) => path)
    this.#clear = all.map(([, { grad }]) => zero(backend, grad))
    this.#sums = all.map(() => backend.zeros([]))
    this.#measure = all.map(([, { grad }], i) => backend.formula(squares, { grad: asRows(grad), sum: this.#sums[i]! }))
  }

  /** All become 0. */
  clear(): void {
    for (let i = 0; i < this.#clear.length; i++) this.#clear[i]!(0)
  }

  /** -> norm, in one pass; clipping by norm needs it anyway, and it finds every number that is not finite. */
  measure(): void {
    let sum = 0
    for (let i = 0; i < this.#measure.length; i++) {
      this.#measure[i]!(0)
      sum += scalar(this.#sums[i]!)
    }
    this.norm = Math.sqrt(sum)
  }

  /** The parameters whose gradient made the norm not finite. */
  broken(): string[] {
    return this.#paths.filter((_, i) => !Number.isFinite(scalar(this.#sums[i]!)))
  }
}
