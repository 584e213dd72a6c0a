import {
  branchesOf, copy, inSequence, passOf, variable, type CallShape, type Frame, type Layer, type Pass, type Wire,
} from '@recurra/layers/authoring'
import { asRows, columns, type Tensor } from '@recurra/tensor'

/** A call of two layers with the same input. */
export interface SideBySide {
  /** Their frames. */
  readonly parts: readonly Frame[]
  /** Their outputs, concatenated: [first | second]. */
  readonly y: Wire<Tensor>
  /** Their passes; backward, the gradient of the input is the sum of both. */
  readonly pass: Pass
}

/** Plans two layers that read the same input and whose outputs are concatenated. */
export const sideBySide = (layers: readonly [Layer, Layer], x: Wire, callShape: CallShape): SideBySide => {
  const [{ backend, out: { size: first } }, other] = layers
  const training = callShape.mode === 'training'
  const { parts, pass } = branchesOf(backend, layers, x, callShape)
  const size = first + other.out.size
  const y = variable(backend, [...parts[0]!.y.value.shape.slice(0, -1), size], training)
  const both = (whole: Tensor): Tensor[] => [columns(asRows(whole), 0, first), columns(asRows(whole), first, size)]
  const concat = both(y.value).map((to, i) => copy(backend, asRows(parts[i]!.y.value), to))
  const split = training ? both(y.grad).map((from, i) => copy(backend, from, asRows(parts[i]!.y.grad))) : []
  return { parts, y, pass: inSequence(pass, passOf(concat, split)) }
}
