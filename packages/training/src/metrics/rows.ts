import { describeShape, ShapeError, ValueError, type Tensor } from '@recurra/tensor'
import type { ScoredBatch } from './metric.ts'

/** One row of scores that counts, with the class that was wanted. */
export interface ScoredRow {
  /** Which sequence of the batch it belongs to. */
  readonly sequence: number
  /** The class that was wanted. */
  readonly target: number
  /** One score per class; the memory is used again for the next row. */
  readonly scores: Float64Array
}

/**
 * The rows that count, sequence by sequence, in the order of time.
 * @throws `ShapeError` if shapes do not belong together.
 * @throws `ValueError` if a target is no class.
 */
export function* rowsOf({ y, target, counts }: ScoredBatch): Generator<ScoredRow> {
  const shape = y.shape.slice(0, -1)
  const classes = y.shape.at(-1)!
  for (const [name, other] of Object.entries({ target, counts }))
    if (other && describeShape(other.shape) !== describeShape(shape))
      throw new ShapeError({
        where: `metric, ${name}`,
        expected: `one for each row of scores ${describeShape(y.shape)}: ${describeShape(shape)}`,
        got: describeShape(other.shape),
        fix: 'Metrics of classes take scores [batch, time, classes] and targets [batch, time], or both without time.',
      })
  const [batch = 1, steps = 1] = shape
  const scores = new Float64Array(classes)
  const place = (
    { stride: [perSequence = 0, perStep = 0], offset }: Pick<Tensor, 'stride' | 'offset'>,
    b: number,
    t: number,
  ): number => offset + b * perSequence + (shape.length > 1 ? t * perStep : 0)
  for (let b = 0; b < batch; b++)
    for (let t = 0; t < steps; t++) {
      if (counts && !(counts.data[place(counts, b, t)]! > 0)) continue
      const actual = target.data[place(target, b, t)]!
      if (!(Number.isInteger(actual) && actual >= 0 && actual < classes))
        throw new ValueError({
          where: `metric, target at sequence ${b}${shape.length > 1 ? `, step ${t}` : ''}`,
          expected: `a class from 0 to ${classes - 1}`,
          got: String(actual),
          fix: 'Say with `counts` which rows count.',
        })
      const from = place(y, b, t)
      for (let c = 0; c < classes; c++) scores[c] = y.data[from + c * y.stride.at(-1)!]!
      yield { sequence: b, target: actual, scores }
    }
}
