/**
 * Bits per character of a model that knows how often each character follows each `order` of them, and nothing else.
 * What was seen too seldom is filled up from shorter contexts, down to all characters alike (Witten and Bell 1991).
 */
export const bitsByFrequency = (learned: Int32Array, heldOut: Int32Array, symbols: number, order: number): number => {
  const counts = Array.from({ length: order + 1 }, (_, n) => countsOf(learned, n, symbols))
  let bits = 0
  for (let at = order; at < heldOut.length; at++) {
    let probability = 1 / symbols
    for (let n = 0; n <= order; n++) {
      const { seen, total, kinds } = counts[n]!
      const context = contextAt(heldOut, at, n, symbols)
      const all = total.get(context) ?? 0
      const news = kinds.get(context) ?? 0
      if (all > 0) probability = ((seen.get(context * symbols + heldOut[at]!) ?? 0) + news * probability) / (all + news)
    }
    bits -= Math.log2(probability)
  }
  return bits / (heldOut.length - order)
}

/** The `n` characters before a place as one number. */
const contextAt = (text: Int32Array, at: number, n: number, symbols: number): number => {
  let context = 0
  for (let i = at - n; i < at; i++) context = context * symbols + text[i]!
  return context
}

/**
 * How often each character follows each context, how often the context occurs, and how many kinds of characters follow
 * it.
 */
const countsOf = (text: Int32Array, n: number, symbols: number) => {
  const [seen, total, kinds] = [new Map<number, number>(), new Map<number, number>(), new Map<number, number>()]
  const more = (map: Map<number, number>, key: number): number => {
    const count = (map.get(key) ?? 0) + 1
    map.set(key, count)
    return count
  }
  for (let at = n; at < text.length; at++) {
    const context = contextAt(text, at, n, symbols)
    if (more(seen, context * symbols + text[at]!) === 1) more(kinds, context)
    more(total, context)
  }
  return { seen, total, kinds }
}
