import { ValueError } from '@recurra/tensor'

/** `to` = log softmax(logits), where a row begins at `from`. -Infinity rules a token out; NaN, or no token at all, is a `ValueError`. */
export const logSoftmax = (logits: ArrayLike<number>, from: number, to: Float64Array): Float64Array => {
  let top = -Infinity
  for (let i = 0; i < to.length; i++) top = Math.max(top, logits[from + i]!) // NaN stays NaN
  if (!Number.isFinite(top))
    throw new ValueError({
      where: 'decoding',
      expected: 'scores with a largest that is finite',
      got: String(top),
      fix: 'Look for NaN in the parameters of the model.',
    })
  let powers = 0
  for (let i = 0; i < to.length; i++) powers += Math.exp(logits[from + i]! - top)
  const all = top + Math.log(powers)
  for (let i = 0; i < to.length; i++) to[i] = logits[from + i]! - all
  return to
}
