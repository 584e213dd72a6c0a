import { indexOfLargest, options as checkedOptions, type Tensor } from '@recurra/tensor'
import { ctcDecodeOptions, spoken, type CtcDecodeOptions } from './spoken.ts'

/**
 * Best path decoding (Graves et al. 2006): takes the most likely class of every step, merges repeated classes, and then
 * removes blanks. Logits [batch, time, classes] -> a list of labels per sequence.
 *
 * ```ts
 * import { ctcGreedy, tensor } from 'recurra'
 *
 * const y = tensor([[[0, 9, 0], [0, 9, 0], [9, 0, 0], [0, 9, 0], [0, 0, 9]]])
 * console.log(ctcGreedy(y)) // [[1, 1, 2]]
 * ```
 * @throws `ConfigurationError` if the blank is not a class.
 * @throws `ShapeError` if y has other than three axes, or there are not as many lengths as sequences.
 * @throws `ValueError` if a length is not a number of steps, or a logit is NaN.
 */
export const ctcGreedy = (y: Tensor, options: CtcDecodeOptions = {}): number[][] => {
  const checked = checkedOptions('ctcGreedy', options, ctcDecodeOptions)
  const { blank } = checked
  return spoken(y, checked).map((steps) => {
    const path = steps.map(indexOfLargest)
    return path.filter((label, t) => label !== path[t - 1] && label !== blank)
  })
}
