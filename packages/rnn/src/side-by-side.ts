import {
  addTo, copy, inSequence, passOf, requiresGradient, variable, type CallShape, type Frame, type Layer, type Pass,
  type Wire,
} from '@recurra/layers/authoring'
import { asRows, columns, type Tensor } from '@recurra/tensor'

/** A call of two layers with the same input. */
export interface SideBySide {
  /** Their frames. */
  readonly parts: readonly [Frame, Frame]
  /** Their outputs, concatenated: [first | second]. */
  readonly y: Wire<Tensor>
  /** Their passes; backward, the gradient of the input is the sum of both. */
  readonly pass: Pass
}

/** Plans two layers that read the same input and whose outputs are concatenated. */
export const sideBySide = ([one, other]: readonly [Layer, Layer], x: Wire, callShape: CallShape): SideBySide => {
  const { backend, out: { size: first } } = one
  const training = callShape.mode === 'training'
  const own = (): Wire => ({ ...x, grad: backend.zeros(requiresGradient(x) ? x.value.shape : [0]) })
  const parts = [one.plan(own(), callShape), other.plan(own(), callShape)] as const
  const size = first + other.out.size
  const y = variable(backend, [...parts[0].y.value.shape.slice(0, -1), size], training)
  const both = (whole: Tensor): Tensor[] => [columns(asRows(whole), 0, first), columns(asRows(whole), first, size)]
  const concat = both(y.value).map((to, i) => copy(backend, asRows(parts[i]!.y.value), to))
  const split = training ? both(y.grad).map((from, i) => copy(backend, from, asRows(parts[i]!.y.grad))) : []
  const [{ x: { grad } }, { x: { grad: more } }] = parts
  const add = training && requiresGradient(x)
    ? [copy(backend, grad, x.grad), backend.formula(addTo, { x: asRows(more), y: asRows(x.grad) })] : []
  return { parts, y, pass: inSequence(passOf([], add), ...parts, passOf(concat, split)) }
}
