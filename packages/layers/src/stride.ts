import type { Backend } from '@recurra/backend'
import { ConfigurationError, ShapeError } from '@recurra/tensor'
import type { CallShape, Frame } from './frame.ts'
import { copy } from './kernels.ts'
import type { Layer, Stride } from './layer.ts'
import { inOrder } from './pass.ts'
import { namedVariables } from './variable.ts'

/** How many outputs there are after a number of steps. */
export const outputsAfter = ({ every, first = 0 }: Stride, steps: number): number =>
  Math.max(0, Math.ceil((steps - first) / every))

/** Whether the step after so many others has an output. */
export const answersAfter = ({ every, first = 0 }: Stride, steps: number): boolean =>
  steps >= first && (steps - first) % every === 0

/** The fewest steps after which layers do the same as after so many: what they do repeats. */
export const phaseAfter = ({ every, first = 0 }: Stride, steps: number): number =>
  steps < first ? steps : first + (steps - first) % every

/** The stride of layers one after the other; undefined where all answer every step. */
export const strideOf = (layers: readonly Pick<Layer, 'stride'>[]): Stride | undefined =>
  layers.reduce<Stride | undefined>(
    (before, { stride }) => before && stride
      ? { every: before.every * stride.every, first: (before.first ?? 0) + before.every * (stride.first ?? 0) }
      : (before ?? stride),
    undefined,
  )

/** One step of a frame, after which the next one starts from its final state. */
export const stepOf = (backend: Backend, { step, forward, initial, final }: Frame): ((before: number) => void) => {
  if (step) return step
  const to = namedVariables(initial)
  const carry = inOrder(namedVariables(final).map(([, { value }], i) => copy(backend, value, to[i]![1].value)))
  return () => {
    forward()
    carry(0)
  }
}

/** One step of layers one after the other, as far as there is an output. */
export const stepThrough = (layers: readonly Layer[], frames: readonly Frame[]): ((before: number) => void) => {
  const all = layers.map(({ backend, stride }, i) => ({ step: stepOf(backend, frames[i]!), stride }))
  return (before) => {
    let steps = before
    for (let i = 0; i < all.length; i++) {
      const { step, stride } = all[i]!
      step(steps)
      if (!stride) continue
      if (!answersAfter(stride, steps)) return
      steps = outputsAfter(stride, steps)
    }
  }
}

/**
 * The call shape of what a layer with a stride gives: fewer steps, and lengths that follow those of its input. A step
 * of a stream stays one step.
 *
 * ```ts
 * import { strided } from 'recurra/authoring'
 *
 * console.log(strided({ steps: 7, batch: 1, mode: 'inference' }, { every: 3, first: 2 }).steps) // 2
 * ```
 * @throws `ShapeError` if there are too few steps for one output.
 * @throws `ValueError` from the lengths that it derives, if one of them is invalid.
 */
export const strided = (callShape: CallShape, stride: Stride): CallShape => {
  if (callShape.streaming) return callShape
  const { every, first = 0 } = stride
  const steps = outputsAfter(stride, callShape.steps)
  if (steps === 0)
    throw new ShapeError({
      where: 'stride',
      expected: `at least ${first + 1} steps, since the first output comes then`,
      got: String(callShape.steps),
      fix: 'Pass longer sequences.',
    })
  const lengths = callShape.lengths?.derive(steps, (t) => first + every * t)
  return { ...callShape, steps, ...(lengths && { lengths }) }
}

/**
 * Checks that a layer answers the steps that it says: else a stream of it would be wrong.
 * @throws `ConfigurationError` if it does not.
 */
export const expectOutputs = (where: string, { streaming, steps }: CallShape, made: number, stride?: Stride): void => {
  const expected = stride && !streaming ? outputsAfter(stride, steps) : steps
  if (made === expected) return
  throw new ConfigurationError({
    where,
    expected: stride
      ? `${expected} steps for ${steps}, one for ${stride.every}`
      : 'a step for each step, so that it can be streamed',
    got: `${made} steps for ${steps}`,
    fix: 'Say stride: { every } in what it builds, and plan with strided(callShape, stride); or say causal: false.',
  })
}
