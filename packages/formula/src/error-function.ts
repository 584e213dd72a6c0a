/** 2/√π - 1 */
const excess = 0.12837916709551256

/**
 * The error function 2/√π ∫₀ˣ exp(-t²) dt, which `Math` does not have, within a unit in the last place.
 *
 * ```ts
 * import { errorFunction } from '@recurra/formula'
 *
 * console.log(errorFunction(0.5).toFixed(9)) // 0.520499878
 * ```
 */
export const errorFunction = (x: number): number => {
  const cell = Float64Array.of(x)
  errorFunctionInPlace(cell)
  return cell[0]!
}

/**
 * The same for the first number of an array, x -> erf(x): a call that the engine does not inline would put its argument
 * and its result on the heap, and steps must not allocate.
 *
 * ```ts
 * import { errorFunctionInPlace } from '@recurra/formula'
 *
 * const cell = Float64Array.of(0.5)
 * errorFunctionInPlace(cell)
 * console.log(cell[0]!.toFixed(9)) // 0.520499878
 * ```
 */
export const errorFunctionInPlace = (cell: Float64Array): void => {
  const x = cell[0]!
  const size = Math.abs(x)
  const square = x * x
  if (size < 1.25) {
    // 2x/√π · (1 - x² (1/3 - x²/2 (1/5 - x²/3 (1/7 - …)))), of which 20 terms are enough here
    let series = 0
    for (let n = 20; n > 0; n--) series = 1 / (2 * n + 1) - (square / (n + 1)) * series
    cell[0] = x + x * (excess - (1 + excess) * square * series)
  } else if (size > 6) {
    cell[0] = Math.sign(x)
  } else {
    // 1 - exp(-x²) / √π / (x + ½ / (x + 1 / (x + 1½ / (x + …)))), whose 120 terms are enough from 1.25 on
    let fraction = 0
    for (let n = 120; n > 0; n--) fraction = n / 2 / (size + fraction)
    cell[0] = Math.sign(x) * (1 - Math.exp(-square) / Math.sqrt(Math.PI) / (size + fraction))
  }
}
