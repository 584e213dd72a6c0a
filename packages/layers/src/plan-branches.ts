import { ConfigurationError, ShapeError, type Tensor } from '@recurra/tensor'
import type { CallShape, Frame } from './frame.ts'
import { addTo, copy } from './kernels.ts'
import type { Layer, Stride } from './layer.ts'
import { mergePass, type Merge } from './merge.ts'
import { inOrder, inSequence, passOf, type Pass } from './pass.ts'
import { answersAfter, stepOf } from './stride.ts'
import { variable, type Wire } from './variable.ts'

/** A call of several layers that read the same input. */
export interface PlannedBranches {
  /** Their frames. */
  readonly parts: readonly Frame[]
  /** Their outputs, merged. */
  readonly y: Wire<Tensor>
  /** Their passes and the merge; backward, the gradient of the input is the sum of theirs. */
  readonly pass: Pass
  /** One step of a stream after so many others; merged if there is an output. */
  readonly step: (before: number) => void
}

/**
 * Plans layers that read the same input, and merges their outputs.
 * @throws `ShapeError` if one gives a sequence of fewer or more steps than it reads.
 */
export const planBranches = (
  where: string, layers: readonly Layer[], merge: Merge, x: Wire, callShape: CallShape,
): PlannedBranches => {
  const { backend } = layers[0]!
  const parts = layers.map((layer) => layer.plan({ ...x, grad: backend.zeros(x.grad.shape) }, callShape))
  const add = parts.map(({ x: { grad } }, i) => (i === 0 ? copy : addTo)(backend, grad, x.grad))
  const stride = commonStride(layers)
  if (layers[0]!.out.kind === 'sequence')
    expectSteps(where, stride ? parts[0]!.callShape.steps : callShape.steps, parts)
  const first = parts[0]!.y.value.shape
  const size = merge === 'concat' ? layers.reduce((sum, { out }) => sum + out.size, 0) : first.at(-1)!
  const y = variable(backend, [...first.slice(0, -1), size], callShape.mode === 'training')
  const outputs = parts.map((part) => part.y)
  const merging = mergePass(backend, merge, outputs, y)
  const each = inOrder(parts.map((part) => stepOf(backend, part)))
  const step = (before: number): void => {
    each(before)
    if (!stride || answersAfter(stride, before)) merging.forward(0)
  }
  return { parts, y, pass: inSequence(passOf([], add), ...parts, merging), step }
}

/** The stride of branches that are merged, if all can be streamed and answer the same steps; undefined otherwise. */
export const commonStride = (branches: readonly Layer[]): Stride | undefined => {
  const strides = branches.map(({ causal, stride }) => (causal ? stride : undefined))
  const alike = new Set(strides.map((one) => one && [one.every, one.first ?? 0, one.outputs ?? 1].join()))
  return alike.size === 1 ? strides[0] : undefined
}

/**
 * Checks that a branch has one output at every step, since it is combined with another one. One that reads the whole
 * sequence may have padding for a late first output; how many steps it gives is known once it is planned.
 * @throws `ConfigurationError` if it has a stride.
 */
export const expectEveryStep = ({ stride, causal }: Layer, where: string): void => {
  const { every, first, outputs = 1 }: Stride = stride ?? { every: 1 }
  if (!stride || (!causal && every === 1 && outputs === 1)) return
  throw new ConfigurationError({
    where,
    expected: 'layers with an output at every step',
    got: every > 1 || outputs > 1
      ? `${outputs === 1 ? 'one' : outputs} for every ${every === 1 ? 'step' : `${every} steps`}`
      : `the first one after ${first} steps`,
    fix: every > 1 || outputs > 1
      ? 'Put the layer with the stride before or behind it, or use branches that all have the same stride.'
      : "Give the convolution in it padding: 'same' or 'causal'.",
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
    fix: "Give a convolution in it padding: 'same' or 'causal', and no stride, or all branches the same one, 'causal'.",
  })
}
