import { max, min, type Expression } from '@recurra/formula'
import { ConfigurationError, option, options } from '@recurra/tensor'

/** How gradients are kept small: each number within ±value, or all together within a length. */
export type Clip = ClipByValue | ClipByNorm
/** Each number by itself (PyTorch's clip_grad_value_). */
export interface ClipByValue {
  /** The largest magnitude. */
  readonly value: number
}
/** All together, keeping their direction (Pascanu et al. 2013; PyTorch's clip_grad_norm_). */
export interface ClipByNorm {
  /** The largest Euclidean length. */
  readonly norm: number
}

/** A clip as formulas: what becomes of each number, or what all are multiplied by. */
export interface Clipping {
  readonly each?: (grad: Expression) => Expression
  /** From their length; 1 or more where they are short enough. */
  readonly factor?: (norm: number) => number
}

/**
 * The formulas of a clip.
 * @throws `ConfigurationError` if an option is not known, or does not fit, or it has both `norm` and `value`, or neither.
 */
export const clippingOf = (clip: Clip | undefined): Clipping => {
  if (clip === undefined) return {}
  const { norm, value } = options('clip', clip, { norm: option.positive(), value: option.positive() })
  if ((norm === undefined) === (value === undefined))
    throw new ConfigurationError({
      where: 'clip',
      expected: 'either a norm or a value',
      got: norm === undefined ? 'neither' : 'both',
      fix: 'Pass { norm: 5 } to clip all gradients together, or { value: 1 } to clip each number by itself.',
    })
  if (norm !== undefined) return { factor: (length) => norm / (length + 1e-6) } // as PyTorch
  return { each: (grad) => max(-value!, min(value!, grad)) }
}
