import { abs, constant, max, maxOverAll, min, sumOverAll, type Expression, type Target } from '@recurra/formula'
import { ConfigurationError, option, options, type Floats, type Tensor } from '@recurra/tensor'

/** Gradient clipping: by value, by norm, or by a function. */
export type Clip = ClipByValue | ClipByNorm | ClipFunction

/** Clips each element (PyTorch's clip_grad_value_). */
export interface ClipByValue {
  /** The maximum magnitude. */
  readonly value: number
}

/** Scales all gradients together, which keeps their direction (Pascanu et al. 2013; PyTorch's clip_grad_norm_). */
export interface ClipByNorm {
  /** The maximum norm. */
  readonly norm: number
  /** The norm: the sum of magnitudes (1), the Euclidean norm (2) or the maximum magnitude (Infinity). Default: 2. */
  readonly p?: number
}

/** A gradient that is clipped by hand: numbers, changed in place. */
export type Gradient = Tensor | Floats | number[]

/** A clip that is a function: for `fit({ clip })`, and for gradients of your own. */
export interface ClipFunction {
  /**
   * Clips gradients in place.
   * @returns their length before; of a clip by value, the Euclidean one.
   * @throws `ValueError` if a number is not finite; then nothing has changed.
   */
  (gradients: readonly Gradient[]): number
  /** What it does, as options. */
  readonly clip: ClipByNorm | ClipByValue
}

/** A clip as formulas: what becomes of each number, or what all are multiplied by. */
export interface Clipping {
  readonly each?: (grad: Expression) => Expression
  /** From their length; 1 or more where they are short enough. */
  readonly factor?: (norm: number) => number
  /** The same as a formula, 1 where they are short enough. */
  readonly share?: (norm: Expression) => Expression
  /** The length, where it is not the Euclidean one: of each tensor, and how those of two, or of all, make one. */
  readonly length?: {
    readonly of: (grad: Expression) => Target
    readonly join: (a: number, b: number) => number
    readonly all: (lengths: Expression) => Target
  }
}

const lengths: ReadonlyMap<number, Clipping['length']> = new Map<number, Clipping['length']>([
  [1, { of: (grad) => sumOverAll(abs(grad)), join: (a, b) => a + b, all: sumOverAll }],
  [2, undefined],
  [Infinity, { of: (grad) => maxOverAll(abs(grad)), join: Math.max, all: maxOverAll }],
])

/** Which length of a vector. */
export const lengthOption: option.Option<number | undefined> =
  option.checked<number>('1, 2 or Infinity', (kind) => lengths.has(kind as number))()

/**
 * The formulas of a clip.
 * @throws `ConfigurationError` if an option is unknown or invalid, or it has both `norm` and `value`, or
 * neither.
 */
export const clippingOf = (clip: Clip | undefined): Clipping => {
  if (clip === undefined) return {}
  const { norm, p, value } = options('clip', typeof clip === 'function' ? clip.clip : clip, {
    norm: option.positive(),
    p: lengthOption,
    value: option.positive(),
  })
  if ((norm === undefined) === (value === undefined))
    throw new ConfigurationError({
      where: 'clip',
      expected: 'either a norm or a value',
      got: norm === undefined ? 'neither' : 'both',
      fix: 'Pass { norm: 5 } to clip all gradients together, or { value: 1 } to clip each number by itself.',
    })
  if (value !== undefined && p !== undefined)
    throw new ConfigurationError({
      where: 'clip',
      expected: 'no p where each number is clipped by itself',
      got: `p ${p}`,
      fix: 'Leave p out, or pass { norm: 5, p }.',
    })
  if (value !== undefined) return { each: (grad) => max(-value, min(value, grad)) }
  const length = lengths.get(p ?? 2)
  const tiny = 1e-6 // as in PyTorch
  return {
    factor: (longest) => norm! / (longest + tiny),
    share: (longest) => min(1, constant(norm!).div(longest.add(tiny))),
    ...(length && { length }),
  }
}
