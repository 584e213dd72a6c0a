import type { Backend } from '@recurra/backend'
import { ConfigurationError, ShapeError } from '@recurra/tensor'
import type { CallShape, Frame } from './frame.ts'
import { copy } from './kernels.ts'
import type { Layer, Stride } from './layer.ts'
import { inOrder } from './pass.ts'
import { namedVariables } from './variable.ts'

/** How many steps a layer has given after a number of steps. */
export const outputsAfter = ({ every, first = 0, outputs = 1 }: Stride, steps: number): number =>
  outputs * Math.max(0, Math.ceil((steps - first) / every))

/** Whether the step after so many others has an output. */
export const answersAfter = ({ every, first = 0 }: Stride, steps: number): boolean =>
  steps >= first && (steps - first) % every === 0

/** The fewest steps after which layers do the same as after so many: what they do repeats. */
export const phaseAfter = ({ every, first = 0 }: Stride, steps: number): number =>
  steps < first ? steps : first + (steps - first) % every

/** The stride of layers one after the other; undefined where all give one step for each. */
export const strideOf = (layers: readonly Pick<Layer, 'stride'>[]): Stride | undefined =>
  layers.map(({ stride }) => stride).reduce((before, next) => before && next ? inTurn(before, next) : before ?? next,
    undefined)

const inTurn = (before: Stride, { every, first = 0, outputs = 1 }: Stride): Stride => ({
  every: before.every * every,
  first: (before.first ?? 0) + before.every * first,
  outputs: (before.outputs ?? 1) * outputs,
})

/** Whether a step has an output, whatever came before it. */
export const answersAlways = ({ every, first = 0 }: Stride = { every: 1 }): boolean => every === 1 && first === 0

/** The error of what needs an output at every step. */
export const stridedError = (where: string, fix: string, got = 'one with a stride'): ConfigurationError =>
  new ConfigurationError({ where, expected: 'a model with an output at every step', got, fix })

/**
 * Whether layers can be streamed one after the other: a layer that skips steps counts them one by one, so none before
 * it may give several at once.
 */
export const streamsInTurn = (layers: readonly Pick<Layer, 'stride'>[]): boolean => {
  const first = layers.findIndex(({ stride }) => (stride?.outputs ?? 1) > 1)
  return first < 0 || layers.slice(first + 1).every(({ stride }) => answersAlways(stride))
}

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
 * The call shape of what a layer with a stride gives: fewer steps, or more, and lengths that follow those of its input.
 * A step of a stream becomes the steps of one output.
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
  const { every, first = 0, outputs = 1 } = stride
  if (callShape.streaming) return { ...callShape, steps: callShape.steps * outputs }
  const steps = outputsAfter(stride, callShape.steps)
  if (steps === 0)
    throw new ShapeError({
      where: 'stride',
      expected: `at least ${first + 1} steps, since the first output comes then`,
      got: String(callShape.steps),
      fix: 'Pass longer sequences.',
    })
  const lengths = callShape.lengths?.derive(steps, (t) => first + every * Math.floor(t / outputs))
  return { ...callShape, steps, ...(lengths && { lengths }) }
}

/**
 * Checks that a layer answers the steps that it says: else a stream of it would be wrong.
 * @throws `ConfigurationError` if it does not.
 */
export const expectOutputs = (where: string, { streaming, steps }: CallShape, made: number, stride?: Stride): void => {
  const { every, outputs = 1 }: Stride = stride ?? { every: 1 }
  const expected = stride && !streaming ? outputsAfter(stride, steps) : steps * outputs
  if (made === expected) return
  throw new ConfigurationError({
    where,
    expected: stride
      ? `${expected} steps for ${steps}, ${outputs === 1 ? 'one' : outputs} for ${every}`
      : 'a step for each step, so that it can be streamed',
    got: `${made} steps for ${steps}`,
    fix: 'Say stride: { every } in what it builds, and plan with strided(callShape, stride); or say causal: false.',
  })
}
