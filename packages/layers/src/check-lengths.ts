import { ShapeError, ValueError } from '@recurra/tensor'

/**
 * Checks lengths: one integer from `least` to `steps` for each of `batch` sequences.
 * @throws `ShapeError` if there are more or fewer than sequences.
 * @throws `ValueError` if one is no such number.
 */
export const checkLengths = (lengths: ArrayLike<number>, steps: number, batch: number, least = 1): void => {
  if (lengths.length !== batch)
    throw new ShapeError({
      where: 'lengths', expected: `one length for each of ${batch} sequences`,
      got: `${lengths.length}`, fix: 'Pass as many lengths as sequences.',
    })
  for (let b = 0; b < batch; b++) {
    const length = lengths[b]!
    if (Number.isInteger(length) && length >= least && length <= steps) continue
    throw new ValueError({
      where: `lengths[${b}]`,
      expected: `an integer from ${least} to ${steps} steps`,
      got: String(length),
      fix: 'Drop empty sequences, and cut or plan for longer ones.',
    })
  }
}

/**
 * Checks a mask: [batch, time], 0 or 1, with at least `least` real steps in each sequence.
 * @throws `ShapeError` if there are more or fewer values.
 * @throws `ValueError` if one is neither 0 nor 1, or a sequence has too few real steps.
 */
export const checkMask = (mask: ArrayLike<number>, steps: number, batch: number, least = 1): void => {
  if (mask.length !== steps * batch)
    throw new ShapeError({
      where: 'mask',
      expected: `one value for each of ${steps} steps of ${batch} sequences, ${steps * batch}`,
      got: String(mask.length),
      fix: 'Pass [batch, time], row by row.',
    })
  for (let b = 0; b < batch; b++) {
    let real = 0
    for (let t = 0; t < steps; t++) {
      const value = mask[b * steps + t]!
      if (value !== 0 && value !== 1)
        throw new ValueError({
          where: `mask of sequence ${b} at step ${t}`,
          expected: '1 for a real step, 0 for another',
          got: String(value),
          fix: 'Pass 0 and 1.',
        })
      real += value
    }
    if (real < least)
      throw new ValueError({
        where: `mask of sequence ${b}`,
        expected: 'at least one real step', got: 'none', fix: 'Drop sequences without one.',
      })
  }
}
