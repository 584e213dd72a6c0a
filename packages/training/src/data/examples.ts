import {
  at, describeShape, flatValues, isNumberArray, isTensor, notANumber, shapeOf, ShapeError, ValueError, type TensorLike,
} from '@recurra/tensor'

/** One entry of the data: the input or the target of one sequence. */
export interface Example {
  readonly values: Float64Array
  readonly shape: readonly number[]
  readonly steps: number
}

/**
 * One example per entry. Looks at every number once, at the beginning; what stands at steps that the mask of its
 * sequence leaves out may be anything, and becomes 0.
 * @throws `ShapeError` or `ValueError` if an entry cannot be used; the error names it.
 */
export const examplesOf = (data: TensorLike, name: string, masks?: readonly Example[]): Example[] =>
  entriesOf(data, name).map((one, i): Example => {
    const shape = shapeOf(one, `${name}[${i}]`)
    const values = Float64Array.from(flatValues(one, `${name}[${i}]`))
    hideGaps(values, masks?.[i]?.values)
    const bad = values.findIndex((value) => !Number.isFinite(value))
    if (bad >= 0)
      throw new ValueError({
        where: `${name}[${[i, ...indexOf(bad, shape)].join('][')}]`,
        expected: 'a finite number',
        got: String(values[bad]),
        fix: 'Clean the data.',
      })
    if (shape[0] === 0)
      throw new ValueError({
        where: `${name}[${i}]`,
        expected: 'at least one step',
        got: 'none',
        fix: 'Drop empty sequences.',
      })
    return { values, shape, steps: shape[0] ?? 1 }
  })

/** Where there is a value, or a row of values, for each step of the mask. */
const hideGaps = (values: Float64Array, mask: Float64Array | undefined): void => {
  if (!mask || values.length % mask.length !== 0) return
  const width = values.length / mask.length
  mask.forEach((real, t) => {
    if (real === 0) values.fill(0, t * width, (t + 1) * width)
  })
}

/** The entries of a list, of a typed array, or along the first axis of a tensor. */
export const entriesOf = (data: TensorLike, name: string): readonly TensorLike[] => {
  if (isNumberArray(data)) return Array.from(data)
  if (isTensor(data) && data.shape.length > 0) return Array.from({ length: data.shape[0]! }, (_, i) => at(data, i))
  if (Array.isArray(data)) return Array.from(data as readonly TensorLike[]) // holes become undefined, which is rejected
  if (typeof data !== 'number' && !isTensor(data)) throw notANumber(data, name)
  throw new ShapeError({
    where: name,
    expected: 'one entry per sequence',
    got: 'a single number',
    fix: 'Pass [[…], …].',
  })
}

/** [step, feature] of an element. */
const indexOf = (position: number, shape: readonly number[]): number[] => {
  const index: number[] = []
  for (const size of [...shape].reverse()) {
    index.unshift(position % size)
    position = Math.floor(position / size)
  }
  return index
}

/** All sizes but the first `free` ones must agree. */
export const expectAlike = (examples: readonly Example[], name: string, free: number): void => {
  const of = ({ shape }: Example): string => describeShape(shape.slice(free))
  examples.forEach((one, i) => {
    if (of(one) !== of(examples[0]!) || one.shape.length !== examples[0]!.shape.length)
      throw new ShapeError({
        where: `${name}[${i}]`,
        expected: `${free ? 'every step' : 'a value'} of shape ${of(examples[0]!)}, as in ${name}[0]`,
        got: of(one),
        fix: 'Give all sequences the same features.',
      })
  })
}
