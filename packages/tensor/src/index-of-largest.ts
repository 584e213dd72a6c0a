/**
 * The place of the largest number, the first one of equals, as NumPy's argmax; of plain numbers, where `argmax` takes
 * an ndarray.
 */
export const indexOfLargest = (numbers: ArrayLike<number>): number => {
  let best = 0
  for (let i = 1; i < numbers.length; i++) if (numbers[i]! > numbers[best]!) best = i
  return best
}
