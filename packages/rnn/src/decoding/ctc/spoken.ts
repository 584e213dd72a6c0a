import { checkLengths } from '@recurra/layers/authoring'
import { ConfigurationError, expectShape, flatValues, option, type Option, type Tensor } from '@recurra/tensor'
import { logProbabilities } from '../write-tokens.ts'

/** Options of CTC decoding. */
export interface CtcDecodeOptions {
  /** The blank class. Default: 0. */
  readonly blank?: number
  /** The length of each sequence, [batch]. Default: all steps. */
  readonly lengths?: ArrayLike<number>
}

/** The kinds of them. */
export const ctcDecodeOptions: {
  readonly blank: Option<number>
  readonly lengths: Option<ArrayLike<number> | undefined>
} = {
  blank: option.integer(0)(0),
  lengths: option.checked<ArrayLike<number>>(
    'a list of lengths',
    (value) => Array.isArray(value) || ArrayBuffer.isView(value),
  )(),
}

/**
 * The log-probabilities of every class, [classes], at every real step of every sequence: logits [batch, time, classes]
 * as lists.
 */
export const spoken = (
  y: Tensor,
  { blank = 0, lengths }: { readonly blank?: number | undefined; readonly lengths?: ArrayLike<number> | undefined },
): readonly (readonly Float64Array[])[] => {
  expectShape(y, [null, null, null], 'decoding of CTC')
  const [batch, steps, classes] = y.shape as [number, number, number]
  if (blank >= classes)
    throw new ConfigurationError({
      expected: `a blank below ${classes}, the number of classes`,
      got: String(blank),
      fix: 'Pass the blank of the loss.',
    })
  if (lengths) checkLengths(lengths, steps, batch, 0)
  const logits = flatValues(y)
  return Array.from({ length: batch }, (_, b) =>
    Array.from({ length: lengths?.[b] ?? steps }, (__, t) =>
      logProbabilities(logits, (b * steps + t) * classes, new Float64Array(classes)),
    ),
  )
}
