import { at, describeShape, flatten, isNumberArray, isTensor, notANumber, shapeOf, ShapeError, ValueError, type TensorLike } from '@recurra/tensor'

/** One entry of the data: the input or the target of one sequence. */
export interface Example {
  readonly values: Float64Array
  readonly shape: readonly number[]
  readonly steps: number
}

/**
 * One example per entry. Looks at every number once, at the beginning.
 * @throws `ShapeError` or `ValueError` if an entry cannot be used; it says which.
 */
export const examplesOf = (data: TensorLike, name: string): Example[] =>
  entriesOf(data, name).map((one, i): Example => {
    const shape = shapeOf(one, `${name}[${i}]`)
    const values = Float64Array.from(flatten(one, `${name}[${i}]`))
    const bad = values.findIndex((value) => !Number.isFinite(value))
    if (bad >= 0)
      throw new ValueError({
        where: `${name}[${[i, ...indexOf(bad, shape)].join('][')}]`,
        expected: 'a finite number',
        got: String(values[bad]),
        fix: 'Clean the data.',
      })
    if (shape[0] === 0)
      throw new ValueError({ where: `${name}[${i}]`, expected: 'at least one step', got: 'none', fix: 'Drop empty sequences.' })
    return { values, shape, steps: shape[0] ?? 1 }
  })

/** The entries of a list, of a typed array, or along the first axis of a tensor. */
const entriesOf = (data: TensorLike, name: string): readonly TensorLike[] => {
  if (isNumberArray(data)) return Array.from(data)
  if (isTensor(data) && data.shape.length > 0) return Array.from({ length: data.shape[0]! }, (_, i) => at(data, i))
  if (Array.isArray(data)) return Array.from(data as readonly TensorLike[]) // holes become undefined, which is refused
  if (typeof data !== 'number' && !isTensor(data)) throw notANumber(data, name)
  throw new ShapeError({ where: name, expected: 'one entry per sequence', got: 'a single number', fix: 'Pass [[…], …].' })
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
