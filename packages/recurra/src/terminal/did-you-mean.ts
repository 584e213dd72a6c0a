import { editDistance } from '@recurra/training/edit-distance'

/** What a mistyped word may have meant, `Did you mean train? ` with a space behind it; nothing where no word is near. */
export const didYouMean = (word: string, known: readonly string[]): string => {
  const near = known
    .map((one) => ({ one, distance: editDistance(one, word) }))
    .filter(({ distance }) => distance <= (word.length < 5 ? 1 : 2)) // two letters in the wrong order are two
    .sort((a, b) => a.distance - b.distance)
  return near.length > 0 ? `Did you mean ${near[0]!.one}? ` : ''
}
