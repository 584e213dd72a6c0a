/**
 * Changes the log-probabilities of the next token in place: [vocabulary], in nats. The probabilities need not sum to 1
 * afterwards; -Infinity excludes a token.
 */
export type Filter = (logProbabilities: Float64Array) => void

/** How likely each token is, relative to the most likely: exp(score - top). */
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
