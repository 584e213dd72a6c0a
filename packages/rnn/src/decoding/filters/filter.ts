/**
 * Changes what the next token is drawn from, in place: log-probabilities in nats, [vocabulary]. They need not add up to
 * one afterwards; -Infinity rules a token out.
 */
export type Filter = (logProbabilities: Float64Array) => void

/** How likely each token is, relative to the likeliest: exp(score - top). */
export const weightsOf = (scores: Float64Array): Float64Array => {
  const top = scores.reduce((a, b) => Math.max(a, b))
  return scores.map((score) => Math.exp(score - top))
}

/**
 * The tokens by falling score, of equals the first one first. (The difference of two -Infinity is NaN: equals as well.)
 */
export const likeliestFirst = (scores: Float64Array): number[] =>
  [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b)

/** Rules all other tokens out. */
export const keepOnly = (scores: Float64Array, kept: readonly number[]): void => {
  const old = kept.map((token) => scores[token]!)
  scores.fill(-Infinity)
  kept.forEach((token, i) => (scores[token] = old[i]!))
}
