/**
 * Sums over many rows add up this many rows at a time, counted from the first, and then add the result to the sum so
 * far: shorter sums round less. A sum that is continued after a multiple of that many rows therefore has the same bits
 * as one over all rows at once; `accumulate` of products and of sums over rows continues one.
 */
export const sumBlock = 16
