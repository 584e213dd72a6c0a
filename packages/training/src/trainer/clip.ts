import { max, min, type Expression } from '@recurra/formula'
import { expectPositive } from '../options.ts'

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
 * @throws `ConfigurationError` if its limit is not finite and above 0.
 */
export const clippingOf = (clip: Clip | undefined): Clipping => {
  if (!clip) return {}
  if ('norm' in clip) {
    const most = expectPositive(clip.norm, 'the norm of clip')
    return { factor: (norm) => most / (norm + 1e-6) } // as PyTorch
  }
  const most = expectPositive(clip.value, 'the value of clip')
  return { each: (grad) => max(-most, min(most, grad)) }
}
