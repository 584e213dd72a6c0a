import { mostFrequent } from '../../data/numbers.ts'
import type { Sentence } from '../../data/sentences.ts'

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
  const usual = mostFrequent([...seen.values()].flat(), '')
  const tagOf = new Map([...seen].map(([word, tags]) => [word, mostFrequent(tags, '')]))
  return (words) => words.map((word) => tagOf.get(word.toLowerCase()) ?? usual)
}
