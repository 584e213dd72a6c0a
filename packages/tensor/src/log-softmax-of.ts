/**
 * `to` = log softmax(logits) of as many logits as fit, starting at `from`; `to` may be the logits themselves. The
 * largest is subtracted first, so that logits of any size keep their precision. NaN, or a largest logit that is not
 * finite, gives NaN.
 */
export const logSoftmaxOf = (logits: ArrayLike<number>, from: number, to: Float64Array): Float64Array => {
  let top = -Infinity
  for (let i = 0; i < to.length; i++) top = Math.max(top, logits[from + i]!)
  let powers = 0
  for (let i = 0; i < to.length; i++) powers += Math.exp(logits[from + i]! - top)
  const rest = Math.log(powers)
  for (let i = 0; i < to.length; i++) to[i] = logits[from + i]! - top - rest
  return to
}
