import { describeValue, flatValues, isNumberArray, ShapeError, type DType } from '@recurra/tensor'
import { expectNumbers } from './take-step.ts'
import type { Signal } from './signal.ts'

/** Where the sources of a stream are put until all are known to fit. */
export interface StagedSource {
  /** Time-major: [steps, batch, features], [steps, batch] for tokens, or [batch, features] for vectors. */
  readonly values: Float64Array
  /** How long each is: [batch]. */
  readonly lengths: Int32Array
}

/**
 * Lays sources side by side, the only one in every row if there is but one; what they leave free becomes 0. Looks at
 * every number.
 * @throws `ShapeError` if there are not as many sources as rows, or one is empty or too long.
 * @throws `ValueError` if one has a number that is not finite, too large for the number type, or no token.
 */
export const takeSource = (
  sources: readonly ArrayLike<number>[],
  signal: Signal,
  dtype: DType,
  { values, lengths }: StagedSource,
): void => {
  const { kind, size } = signal
  const batch = lengths.length
  const width = kind === 'tokens' ? 1 : size
  const steps = values.length / batch / width
  if (!Array.isArray(sources) || (sources.length !== batch && sources.length !== 1))
    throw new ShapeError({
      where: 'encode',
      expected: `${batch} sources, or one for all rows`,
      got: Array.isArray(sources) ? String(sources.length) : describeValue(sources),
      fix: 'Pass one list of numbers per row.',
    })
  values.fill(0)
  for (let b = 0; b < batch; b++) {
    const where = `encode, source ${b}`
    const given = sources[sources.length === 1 ? 0 : b] as readonly number[]
    if (!Array.isArray(given) && !isNumberArray(given))
      throw new ShapeError({
        where,
        expected: 'a list of numbers',
        got: describeValue(given),
        fix: 'Pass a list of sources: encode([source]).',
      })
    const source = Float64Array.from(flatValues(given, where))
    const length = source.length / width
    if (!Number.isInteger(length) || length < 1 || length > steps || (kind === 'vector' && length !== 1))
      throw new ShapeError({
        where,
        expected:
          kind === 'vector'
            ? `${width} numbers`
            : `1 to ${steps} steps of ${width} ${width === 1 ? 'number' : 'numbers'}`,
        got: `${source.length} ${source.length === 1 ? 'number' : 'numbers'}`,
        fix: 'Leave out what is empty, and plan for the longest source: stream({ sourceSteps }).',
      })
    expectNumbers(source, signal, dtype, where, 'The stream is as before: continue with a source that can be used.')
    for (let i = 0; i < source.length; i++)
      values[(Math.floor(i / width) * batch + b) * width + (i % width)] = source[i]!
    lengths[b] = length
  }
}
