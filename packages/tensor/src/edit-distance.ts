/**
 * The smallest number of insertions, deletions and substitutions that turn one sequence into the other (Levenshtein
 * 1966).
 *
 * ```ts
 * import { editDistance } from 'recurra'
 *
 * console.log(editDistance('kitten', 'sitting')) // 3
 * console.log(editDistance([1, 2, 3], [1, 3])) // 1
 * ```
 */
export const editDistance = <T>(a: ArrayLike<T>, b: ArrayLike<T>): number => {
  const distances = Array.from({ length: b.length + 1 }, (_, j) => j) // from the first i of a to the first j of b
  for (let i = 0; i < a.length; i++) {
    let before = distances[0]! // from the first i of a to the first j of b, before it is overwritten by that from i + 1
    distances[0] = i + 1
    for (let j = 0; j < b.length; j++) {
      const substituted = before + (a[i] === b[j] ? 0 : 1)
      before = distances[j + 1]!
      distances[j + 1] = Math.min(substituted, before + 1, distances[j]! + 1)
    }
  }
  return distances[b.length]!
}
