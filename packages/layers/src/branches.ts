import type { Backend } from '@recurra/backend'
import { asRows, ConfigurationError, ShapeError } from '@recurra/tensor'
import type { CallShape, Frame } from './frame.ts'
import { addTo, copy } from './kernels.ts'
import type { Layer } from './layer.ts'
import { inSequence, passOf, type Pass } from './pass.ts'
import { requiresGradient, type Wire } from './variable.ts'

/** A call of several layers that read the same input. */
export interface Branches {
  /** Their frames. */
  readonly parts: readonly Frame[]
  /** Their passes; backward, the gradient of the input is the sum of theirs. */
  readonly pass: Pass
}

/** Plans layers that read the same input, each with its own output. */
export const branchesOf = (backend: Backend, layers: readonly Layer[], x: Wire, callShape: CallShape): Branches => {
  const asked = requiresGradient(x)
  const parts = layers.map((layer) =>
    layer.plan({ ...x, grad: backend.zeros(asked ? x.value.shape : [0]) }, callShape))
  const sum = !asked ? [] : parts.map(({ x: { grad } }, i) =>
    i === 0 ? copy(backend, grad, x.grad) : backend.formula(addTo, { x: asRows(grad), y: asRows(x.grad) }))
  return { parts, pass: inSequence(passOf([], sum), ...parts) }
}

/**
 * Checks that a branch has an output at every step, since it is combined with another one.
 * @throws `ConfigurationError` if it has a stride.
 */
export const expectEveryStep = ({ stride }: Layer, where: string): void => {
  if (!stride) return
  throw new ConfigurationError({
    where,
    expected: 'layers with an output at every step',
    got: `one for every ${stride.every} steps`,
    fix: 'Put the layer with the stride before or behind it.',
  })
}

/**
 * Checks that branches which were planned for one input give as many steps.
 * @throws `ShapeError` if they do not.
 */
export const expectSteps = (where: string, steps: number, parts: readonly Frame[]): void => {
  const wrong = parts.find(({ callShape }) => callShape.steps !== steps)
  if (!wrong) return
  throw new ShapeError({
    where,
    expected: `an output for each of ${steps} steps`,
    got: String(wrong.callShape.steps),
    fix: "Give a convolution in it padding: 'same' or 'causal'.",
  })
}
