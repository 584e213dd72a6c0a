/** The place of the largest number, the first one of equals. */
export const argmax = (numbers: Float64Array): number => numbers.reduce((best, number, i) => (number > numbers[best]! ? i : best), 0)
