import { damaged, unsupported } from './faults.ts'
import { constantAt, numbersOf, type OperatorCall } from './operator.ts'
import type { Constant } from './values.ts'

/**
 * int8 weights [directions, width, columns] times their scales, as float32 [directions, columns, width]. Scales and
 * zero points, the inputs at `scale` and behind it, are one for a direction or one for each of its columns.
 */
export const dequantizedAt = (call: OperatorCall, at: number, scale: number): Constant => {
  const { where } = call
  const [weight, scales] = [constantAt(call, at), constantAt(call, scale)]
  const zeros = call.inputs[scale + 1] ? constantAt(call, scale + 1) : undefined
  const [directions = 0, width = 0, columns = 0] = weight.shape
  const [values, factors] = [numbersOf(weight, where), numbersOf(scales, where)]
  const offsets = zeros ? numbersOf(zeros, where) : undefined
  for (const { length } of [factors, ...(offsets ? [offsets] : [])])
    if (length !== directions && length !== directions * columns)
      throw unsupported(where, `scales for ${directions} directions, or for their columns`, String(length), damaged)
  const place = (d: number, column: number, { length }: ArrayLike<number>): number =>
    length === directions ? d : d * columns + column
  call.reserve(values.length)
  const result = new Float32Array(values.length)
  for (let d = 0; d < directions; d++)
    for (let column = 0; column < columns; column++) {
      const factor = factors[place(d, column, factors)]!
      const offset = offsets ? offsets[place(d, column, offsets)]! : 0
      for (let i = 0; i < width; i++)
        result[(d * columns + column) * width + i] = (values[(d * width + i) * columns + column]! - offset) * factor
    }
  return { kind: 'constant', shape: [directions, columns, width], values: result }
}
