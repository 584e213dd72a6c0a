import {
  describeShape, expectCount, flatten, nestedShape, ShapeError, toNested, ValueError,
  type Nested, type Random, type TensorLike,
} from '@recurra/tensor'
import type { Batch, Data } from './batch.ts'

/** Options of `sequences`. */
export interface SequencesOptions {
  /** One entry per sequence, of any number of steps: tokens [time] or features [time, features]; or one vector [features]. */
  readonly x: TensorLike
  /** One entry per sequence: for each step (classes [time], values [time, features]), or for the whole (a class, values [features]). */
  readonly target: TensorLike
  /** Sequences side by side; 32 unless said otherwise, at most as many as there are. */
  readonly batch?: number
}

/**
 * Batches from sequences of any lengths: the shorter ones are padded, and the padding does not count. The last batch of
 * an epoch may have fewer sequences; every sequence is seen once.
 *
 * ```ts
 * import { sequences } from 'recurra'
 *
 * const data = sequences({ x: [[[1], [2], [3]], [[4], [5]]], target: [0, 1], batch: 2 })
 * for (const { x, lengths } of data.epoch()) console.log(x, lengths) // [1, 2, 3, 4, 5, 0] [3, 2]
 * ```
 */
export const sequences = ({ x, target, batch: wanted = 32 }: SequencesOptions): Data => {
  expectCount(wanted, 'the batch of sequences')
  const [inputs, targets] = [examplesOf(x, 'x'), examplesOf(target, 'target')]
  if (inputs.length === 0)
    throw new ValueError({ where: 'sequences', expected: 'at least one sequence', got: 'none', fix: 'Pass [[…], …].' })
  if (inputs.length !== targets.length)
    throw new ShapeError({
      where: 'sequences',
      expected: `one target for each of ${inputs.length} sequences`,
      got: String(targets.length),
      fix: 'Pass as many targets as sequences.',
    })
  expectAlike(inputs, 'x', 1)
  // A target of as many steps as its sequence is one per step: no other rule gives all of them the right lengths.
  const perStep = targets.every(({ shape: [steps] }, i) => steps === inputs[i]!.steps)
  expectAlike(targets, 'target', perStep ? 1 : 0)

  const steps = inputs.reduce((most, one) => Math.max(most, one.steps), 0)
  const batch = Math.min(wanted, inputs.length)
  const batches = Math.ceil(inputs.length / batch)
  const padded = batches * batch !== inputs.length || inputs.some((one) => one.steps !== steps)
  const widest = (examples: readonly Example[]): number => examples.reduce((most, { values }) => Math.max(most, values.length), 0)
  const [xSize, targetSize] = [widest(inputs), widest(targets)]
  return {
    steps, batch, batches, padded,
    carry: false,
    *epoch(random?: Random): Iterable<Batch> {
      const order = inputs.map((_, i) => i)
      random?.shuffle(order)
      const filled = {
        x: new Float64Array(batch * xSize),
        target: new Float64Array(batch * targetSize),
        ...(padded && { lengths: new Int32Array(batch) }),
      }
      for (let i = 0; i < batches; i++) {
        for (let b = 0; b < batch; b++) {
          const at = order[i * batch + b]
          place(filled.x, b * xSize, xSize, at === undefined ? undefined : inputs[at])
          place(filled.target, b * targetSize, targetSize, at === undefined ? undefined : targets[at])
          if (filled.lengths) filled.lengths[b] = at === undefined ? 0 : inputs[at]!.steps
        }
        yield filled
      }
    },
  }
}

interface Example {
  readonly values: Float64Array
  readonly shape: readonly number[]
  readonly steps: number
}

/** Looks at every number once, at the beginning. */
const examplesOf = (data: TensorLike, name: string): Example[] => {
  const nested = typeof data === 'object' && 'stride' in data ? toNested(data) : data
  if (typeof nested === 'number')
    throw new ShapeError({ where: name, expected: 'one entry per sequence', got: 'a single number', fix: 'Pass [[…], …].' })
  return nested.map((one: Nested, i): Example => {
    const shape = nestedShape(one, `${name}[${i}]`)
    const values = Float64Array.from(flatten(one))
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
const expectAlike = (examples: readonly Example[], name: string, free: number): void => {
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

const place = (to: Float64Array, from: number, size: number, example: Example | undefined): void => {
  to.fill(0, from, from + size)
  if (example) to.set(example.values, from)
}
