import { rangesOf, sideBySide, type Backend, type Kernel } from '@recurra/backend'
import {
  equal, formula, input, outputsOf, programOf, select, square, sumOverAll, type Program,
} from '@recurra/formula'
import { inOrder, trainableVariables, zero, type Params } from '@recurra/layers/authoring'
import { asRows, at, type Tensor } from '@recurra/tensor'
import { readByName, type NamedReadBack, type ReadValues } from '../read-by-name.ts'
import { clippingOf, type Clip, type Clipping } from './clip.ts'

const grad = input('grad')
const squared = square(grad)
/** Clipping by value is part of it, but leaves a number that makes the norm not finite as it is, to be found. */
const measuring = ({ each, length }: Clipping): Program =>
  programOf(outputsOf<string>({
    squares: sumOverAll(squared),
    ...(length && { length: length.of(grad) }),
    ...(each && { grad: select(equal(squared.mul(0), 0), each(grad), grad) }),
  }))
const scaling = formula({ element: ['grad'], scalar: ['factor'] }, ({ grad, factor }) => ({ grad: grad.mul(factor) }))

/** Plans to multiply gradients by a factor that a kernel writes. */
export const scalingWith = (backend: Backend, grads: readonly Tensor[], factor: Tensor): Kernel =>
  inOrder(grads.map((grad) => backend.formula(scaling, { grad: asRows(grad), factor })))

/** Plans to multiply gradients by a number. */
export const scalingOf = (backend: Backend, grads: readonly Tensor[]): ((by: number) => void) => {
  const [factor, given] = [backend.zeros([]), new Float64Array(1)]
  const scale = scalingWith(backend, grads, factor)
  return (by) => {
    given[0] = by
    backend.write(factor, given)
    scale(0)
  }
}

/** What is measured of gradients, for each of their blocks. */
export interface GradientScalars {
  /** The sum of squares: [blocks]. */
  readonly squares: Tensor
  /** The length, where clipping needs one that is not Euclidean: [blocks], else [0]. */
  readonly lengths: Tensor
}

/** The gradients of all parameters, as one long vector. */
export interface Gradients {
  /**
   * The length of the vector before it was clipped. Not finite if a single number is not, or is too large to be
   * squared.
   */
  readonly norm: number
  /** What `take` needs to have read, after `measure`. */
  readonly scalars: GradientScalars
  /** Reads them alone, where nothing else is read with them. */
  readonly readBack: NamedReadBack<GradientScalars>
  /** All of them, in as few rows as the memory allows. */
  readonly blocks: readonly Tensor[]
  /** All become 0. */
  clear(): void
  /** -> scalars, which also find every number that is not finite; and each number is clipped by value. */
  measure(): void
  /** Takes the scalars as they were read -> norm. */
  take(values: ReadValues<GradientScalars>): void
  /** Clips them by norm, once it is known. */
  clip(): void
  /** All are multiplied by a number. */
  scale(by: number): void
}

/**
 * Plans what is done with the gradients of parameters: one kernel each, where their memory is one block.
 * @throws `ConfigurationError` if the clip is invalid.
 */
export const gradientsOf = (backend: Backend, params: Params, clip?: Clip): Gradients => {
  const clipping = clippingOf(clip)
  const { factor, length } = clipping
  const all = trainableVariables(params)
  // each is made when it is first read
  const tensors = sideBySide(backend, () => all.map(([, variable]) => ({ grad: variable.grad })))
  const grads = rangesOf(backend, tensors).map(({ operands }) => asRows(operands['grad']!))
  const count = grads.length
  const scalars = { squares: backend.zeros([count]), lengths: backend.zeros([length ? count : 0]) }
  const readBack = readByName(backend, scalars)
  const clear = inOrder(grads.map((grad) => zero(backend, grad)))
  const program = measuring(clipping)
  const measure = inOrder(grads.map((grad, i) =>
    backend.formula(program, {
      grad, squares: at(scalars.squares, i), ...(length && { length: at(scalars.lengths, i) }),
    })))
  const scale = scalingOf(backend, grads)
  let measured = readBack.values
  const gradients: Gradients & { norm: number } = {
    norm: 0,
    scalars,
    readBack,
    blocks: grads,
    clear: () => clear(0),
    measure: () => measure(0),
    take(values) {
      measured = values
      let sum = 0
      for (let i = 0; i < count; i++) sum += values.squares[i]!
      gradients.norm = Math.sqrt(sum)
    },
    clip() {
      if (!factor) return
      let longest = length ? 0 : gradients.norm
      if (length) for (let i = 0; i < count; i++) longest = length.join(longest, measured.lengths[i]!)
      const share = factor(longest)
      if (share < 1) scale(share)
    },
    scale,
  }
  return gradients
}
