/**
 * The index of the largest number, the first if several are equal, like NumPy's argmax. It takes plain numbers;
 * `argmax` takes an ndarray.
 */
export const indexOfLargest = (numbers: ArrayLike<number>): number => {
  let best = 0
  for (let i = 1; i < numbers.length; i++) if (numbers[i]! > numbers[best]!) best = i
  return best
}
