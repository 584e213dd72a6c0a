import type { Variable } from '@recurra/layers'
import {
  at, ConfigurationError, describeShape, option, options, reshape, ShapeError, type Tensor,
} from '@recurra/tensor'
import { lossFrame } from '../loss-frame.ts'
import { reductionOption, type Loss, type Reduction } from '../loss.ts'
import { likelihoodsFor } from './likelihoods.ts'
import { planAlpha } from './plan-alpha.ts'
import { planBeta } from './plan-beta.ts'
import { normFor } from './softmax.ts'
import { statesFor } from './states.ts'

/** Options of `ctc`. */
export interface CtcOptions {
  /** The maximum number of labels of a target. Default: taken from the targets of `sequences`. */
  readonly labels?: number
  /** The blank class. Default: 0. */
  readonly blank?: number
  /** Default: 'mean', over the sequences, of the loss of each divided by its number of labels, as in PyTorch. */
  readonly reduction?: Reduction
  /** Whether the loss is 0, and not infinite, if a sequence is too short for its target. Default: false. */
  readonly zeroInfinity?: boolean
}

/**
 * Connectionist temporal classification (Graves et al. 2006; PyTorch's CTCLoss, from logits): -log of the probability
 * of the target under all alignments, in nats. A path assigns a label or the blank to each step; merging repeated
 * labels and then removing blanks gives the target. The probability of a target is the sum over all its paths.
 *
 * y [batch, time, classes] with target [batch, labels], padded with blanks at its end only.
 *
 * ```ts
 * import { bidirectional, ctc, dense, fit, lstm, sequences, sequential } from 'recurra'
 *
 * const model = sequential(1, [bidirectional((options) => lstm(8, options)), dense(3)]) // blank and two labels
 * const data = sequences({ x: [[[1], [0], [0], [2]], [[0], [2], [0]]], target: [[1, 2], [2, 0]] })
 * const { losses } = await fit(model, data, { loss: ctc(), epochs: 50 })
 * console.log(losses.at(-1)! < losses[0]!) // true
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const ctc = (given: CtcOptions = {}): Loss => {
  const { labels: most, blank, reduction, zeroInfinity } = options('ctc', given, {
    labels: option.count(),
    blank: option.integer(0)(0),
    reduction: reductionOption,
    zeroInfinity: option.flag(false),
  })
  const loss: Loss = {
    type: 'ctc', reduction,
    plan: (backend, variable, given, targetSize) => lossFrame(backend, loss, variable, given, ({ mask, ...memory }) => {
      const y = expectSequence(variable, blank)
      const [steps, batch, classes] = y.shape as [number, number, number]
      const labels = most ?? targetSize ?? steps // more labels than steps cannot be spelled
      const states = statesFor(backend, { batch, classes, labels, blank })
      const { norm, run: measure } = normFor(backend, y)
      const known = { y, norm, mask: reshape(mask, [steps, batch]) }
      const alpha = planAlpha(backend, states, known)
      const of = { real: at(known.mask, 0), ...memory }
      const found = likelihoodsFor(backend, states, alpha, of, { reduction, zeroInfinity })
      return {
        target: states.target,
        perSequence: true,
        classes: { size: classes, filler: blank },
        remedy,
        each: found.each,
        forward: [states.run, measure, alpha.run, found.run],
        backward: () => [planBeta(backend, states, known, { ...found, ...memory, alpha, dy: variable.grad })],
      }
    }),
  }
  return loss
}

const remedy =
  'A target needs a step per label, and one more between two equal ones: leave out shorter sequences, or pass ' +
  'zeroInfinity.'
const exact = 2 ** 24 // integers up to here are exact in float32

const expectSequence = ({ value: y }: Variable, blank: number): Tensor => {
  const [, batch, classes] = y.shape
  if (y.shape.length !== 3)
    throw new ShapeError({
      where: 'ctc',
      expected: 'scores for every step',
      got: describeShape(y.shape),
      fix: 'Leave out last().',
    })
  if (blank >= classes!)
    throw new ConfigurationError({
      where: 'ctc',
      expected: `a blank below ${classes}, the number of classes`,
      got: String(blank),
      fix: 'Give the blank a class of its own.',
    })
  if (batch! * classes! > exact)
    throw new ConfigurationError({
      where: 'ctc',
      expected: `batch · classes to be at most ${exact}`,
      got: String(batch! * classes!),
      fix: 'Use smaller batches.',
    })
  return y
}
