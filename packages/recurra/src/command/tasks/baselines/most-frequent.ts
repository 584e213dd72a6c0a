import type { Sentence } from '../../data/sentences.ts'

/** The one that comes most often, the first of several. */
export const mostFrequent = (all: readonly string[]): string => {
  const counts = new Map<string, number>()
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1)
  const most = Math.max(...counts.values())
  return [...counts].find(([, count]) => count === most)![0]
}

/**
 * Gives each word the tag that it had most often in training, in upper or lower case, and the most frequent of all tags
 * to a word that never came.
 */
export const mostFrequentTags = (sentences: readonly Sentence[]): ((words: readonly string[]) => string[]) => {
  const seen = new Map<string, string[]>()
  for (const { words, tags } of sentences)
    words.forEach((word, i) => {
      const key = word.toLowerCase()
      const own = seen.get(key)
      if (own) own.push(tags![i]!)
      else seen.set(key, [tags![i]!])
    })
  const usual = mostFrequent([...seen.values()].flat())
  const tagOf = new Map([...seen].map(([word, tags]) => [word, mostFrequent(tags)]))
  return (words) => words.map((word) => tagOf.get(word.toLowerCase()) ?? usual)
}
