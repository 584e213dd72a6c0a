/** A list of symbols, and the number of its class. */
export interface CountedRow {
  readonly symbols: readonly string[]
  readonly label: number
}

/**
 * Multinomial naive Bayes with Laplace's smoothing, as scikit-learn's MultinomialNB over counts of words (McCallum and
 * Nigam 1998): to the logarithm of the fraction of each class, the log-probabilities of all symbols are added, whatever
 * their order; symbols that never came in training are left out. Gives the number of the most likely class.
 */
export const naiveBayes = (rows: readonly CountedRow[], classes: number): ((symbols: readonly string[]) => number) => {
  const [counts, totals, share] = [new Map<string, Float64Array>(), zeros(classes), zeros(classes)]
  for (const { symbols, label } of rows) {
    share[label]! += 1 / rows.length
    totals[label]! += symbols.length
    for (const symbol of symbols) {
      let own = counts.get(symbol)
      if (!own) counts.set(symbol, (own = zeros(classes)))
      own[label]!++
    }
  }
  const prior = share.map(Math.log)
  const unit = totals.map((total) => Math.log(total + counts.size))
  return (symbols) => {
    const scores = Float64Array.from(prior)
    for (const symbol of symbols) {
      const own = counts.get(symbol)
      if (own) for (let label = 0; label < classes; label++) scores[label]! += Math.log(own[label]! + 1) - unit[label]!
    }
    return scores.indexOf(Math.max(...scores))
  }
}

const zeros = (length: number): Float64Array => new Float64Array(length)
