import { meanOverColumns, sqrt, square, type Expression } from '@recurra/formula'
import { activations } from '@recurra/layers/authoring'

/** x·σ(x), also called swish. */
export const silu: (x: Expression) => Expression = activations.silu

/** x / √(mean of x² + 10⁻⁵) over the columns of a head: RMSNorm (Zhang and Sennrich 2019), without its scale. */
export const rmsNormalized = (x: Expression): Expression => x.div(sqrt(meanOverColumns(square(x)).add(1e-5)))

/** (x - mean) / √(variance + ε) over the columns of a head: a group norm with a group per head, without its scale. */
export const layerNormalized = (x: Expression, epsilon: number): Expression => {
  const centered = x.sub(meanOverColumns(x))
  return centered.div(sqrt(meanOverColumns(square(centered)).add(epsilon)))
}

/**
 * x / √(sum of x² + 10⁻⁶) over the `size` columns of a head: the direction of x, so that a correction along it never
 * makes the state larger.
 */
export const directionOf = (x: Expression, size: number): Expression =>
  x.div(sqrt(meanOverColumns(square(x)).mul(size).add(1e-6)))
