import { ConfigurationError, describeValue, option, ShapeError, type Option } from '@recurra/tensor'
import type { CallShape } from '../frame.ts'
import type { Stride } from '../layer.ts'
import { outputsAfter, strided } from '../stride.ts'

/**
 * The padding around a sequence. `'valid'`: none, so that there are fewer outputs than steps. `'same'`: as much on both
 * sides as gives an output for every `stride` steps, on the right if it is odd, as in Keras. `'causal'`: all of it
 * before the first step, so that an output depends on no later step. A number: that many steps on both sides, as in
 * PyTorch.
 */
export type Padding = 'valid' | 'same' | 'causal' | number

/** Windows over the steps of a sequence: each has `kernel` taps, which lie `dilation` steps apart. */
export interface Windows {
  /** The number of taps. */
  readonly kernel: number
  /** The steps from one window to the next. */
  readonly stride: number
  /** The steps from one tap to the next. */
  readonly dilation: number
  /** What stands around the sequence. */
  readonly padding: Padding
}

/** Checks an option that is one of some words, or a number of steps. */
export const paddingOption = <Word extends Padding & string>(
  fallback: Word, ...words: readonly Word[]
): Option<Word | number> =>
  option.checked<Word | number>(
    `${[fallback, ...words].map((word) => `'${word}'`).join(', ')} or a number of steps`,
    (value) => [fallback, ...words].includes(value as Word) || (Number.isInteger(value) && (value as number) >= 0),
  )(fallback)

/** The number of steps from the first tap of a window to the last. */
export const reachOf = ({ kernel, dilation }: Windows): number => (kernel - 1) * dilation

/** The steps of padding before and after a sequence, given its number of steps. */
export const paddingOf = (windows: Windows, steps: number): readonly [before: number, after: number] => {
  const { padding, stride } = windows
  const reach = reachOf(windows)
  if (padding === 'causal') return [reach, 0]
  if (padding === 'valid') return [0, 0]
  if (padding !== 'same') return [padding, padding]
  const all = Math.max(0, (Math.ceil(steps / stride) - 1) * stride + reach + 1 - steps)
  return [Math.floor(all / 2), Math.ceil(all / 2)]
}

/** Whether no window reaches beyond the last step, so that its output depends on the past alone. */
export const isCausal = (windows: Windows): boolean => {
  const { padding } = windows
  return padding === 'causal' || padding === 'valid' || padding === 0 || reachOf(windows) === 0 && padding === 'same'
}

/** The steps that causal windows answer. */
export const strideOfWindows = (windows: Windows): Stride | undefined => {
  const [every, first] = [windows.stride, reachOf(windows) - paddingOf(windows, 1)[0]]
  return every === 1 && first === 0 ? undefined : { every, first }
}

/**
 * The call shape of the outputs: a window whose last tap is real has one, or lies in the padding behind the sequence.
 * @throws `ShapeError` if there are too few steps for one output.
 * @throws `ConfigurationError` if the place of the windows depends on the number of steps, and sequences differ in it.
 */
export const windowed = (where: string, windows: Windows, callShape: CallShape): CallShape => {
  if (isCausal(windows)) return strided(callShape, strideOfWindows(windows) ?? { every: 1 })
  const { stride, padding } = windows
  const [reach, [before, after]] = [reachOf(windows), paddingOf(windows, callShape.steps)]
  const steps = outputsAfter({ every: stride }, callShape.steps + before + after - reach)
  if (steps === 0)
    throw new ShapeError({
      where,
      expected: `at least ${reach + 1 - before - after} steps, as many as the kernel spans`,
      got: String(callShape.steps),
      fix: 'Pass longer sequences, or more padding.',
    })
  if (callShape.lengths && padding === 'same' && stride > 1)
    throw new ConfigurationError({
      where,
      expected: "sequences of one length, since with padding 'same' and a stride the windows depend on it",
      got: 'lengths or masks',
      fix: "Use padding: 'causal', or a number.",
    })
  const last = (j: number): number => Math.max(0, j * stride + reach - before - after)
  const lengths = callShape.lengths?.derive(steps, last)
  return { ...callShape, steps, ...(lengths && { lengths }) }
}

/** @throws `ConfigurationError` if one of two numbers is not a multiple of the number of groups. */
export const expectGroups = (groups: number, features: number, filters: number, where: string): void => {
  if (features % groups === 0 && filters % groups === 0) return
  throw new ConfigurationError({
    where,
    expected: `groups that divide ${features} features and ${filters} filters`,
    got: describeValue(groups),
    fix: 'For one filter per feature, pass as many groups and filters as features.',
  })
}
