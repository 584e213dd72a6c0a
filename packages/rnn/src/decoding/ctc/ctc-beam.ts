import { option, options as checkedOptions, type Tensor } from '@recurra/tensor'
import { Prefix } from './prefix.ts'
import { ctcDecodeOptions, spoken, type CtcDecodeOptions } from './spoken.ts'

/** Options of `ctcBeam`. */
export interface CtcBeamOptions extends CtcDecodeOptions {
  /** The number of prefixes to follow. */
  readonly width: number
}

/** A list of labels that a sequence may spell. */
export interface Spelling {
  /** The labels, without blanks. */
  readonly labels: readonly number[]
  /** The log-probability in nats, summed over all paths within the beam that spell them. */
  readonly logProbability: number
}

/**
 * Prefix beam search (Hannun et al. 2014): finds the labels with the largest probability summed over their paths, while
 * `ctcGreedy` considers only the best path. Logits [batch, time, classes] -> spellings per sequence, the most likely
 * first.
 *
 * ```ts
 * import { ctcBeam, ctcGreedy, tensor } from 'recurra'
 *
 * // the best path has a probability of 0.36 …
 * const y = tensor([[[0.6, 0.4], [0.6, 0.4]].map((row) => row.map(Math.log))])
 * const best = ctcBeam(y, { width: 4 })[0]![0]!
 * console.log(ctcGreedy(y), best.labels, Math.exp(best.logProbability).toFixed(2)) // [[]] [1] 0.64
 * ```
 * @throws `ConfigurationError` if the width is not a positive integer, or the blank is not a class.
 * @throws `ShapeError` if y has other than three axes, or there are not as many lengths as sequences.
 * @throws `ValueError` if a length is not a number of steps, or a logit is NaN.
 */
export const ctcBeam = (y: Tensor, options: CtcBeamOptions): readonly (readonly Spelling[])[] => {
  const checked = checkedOptions('ctcBeam', options, { ...ctcDecodeOptions, width: option.required(option.count()) })
  const { width, blank } = checked
  return spoken(y, checked).map((steps) => {
    let beam = [Prefix.empty()]
    for (const logProbabilities of steps) {
      const reached = new Set(beam.flatMap((prefix) => prefix.advance(logProbabilities, blank)))
      for (const prefix of reached) prefix.settle()
      beam = [...reached].sort((a, b) => b.logProbability - a.logProbability || 0).slice(0, width)
    }
    return beam.map(({ labels, logProbability }) => ({ labels, logProbability }))
  })
}
