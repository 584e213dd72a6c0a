import { RecurraError, ValueError } from '@recurra/tensor'
import type { NodeProto } from '../onnx_pb.ts'
import type { Value } from './values.ts'

/** What to do about a file that contradicts itself. */
export const damaged = 'The file is damaged.'

/** What to do where the graph depends on a size that its file leaves open. */
export const passShape = 'Pass the shape of the input: { shapes: { input: [1, 512] } }.'

/** The error for what an ONNX file has and Recurra has not. */
export const unsupported = (
  where: string, expected: string, got: string,
  fix = 'Import the part of the graph around it, { input, output }, or build the model yourself.',
): ValueError => new ValueError({ where: `importOnnx${where ? `, ${where}` : ''}`, expected, got, fix })

/** A node in messages: its operator, and its name or the name of its output. */
export const describeNode = ({ opType, name, output: [first = ''] }: NodeProto): string =>
  `${opType} '${name === '' ? first : name}'`

/** The value, or the error that says why there is none. */
export const attempt = <T extends Value | readonly Value[]>(where: string, compute: () => T): T | Value => {
  try {
    return understood(where, compute)
  } catch (error) {
    return { kind: 'failed', error: error as RecurraError }
  }
}

/** What to do where an error is of another kind than those that operators check for. */
const check =
  "Check it in Python: onnx.checker.check_model('model.onnx', full_check=True). If it is sound, Recurra is at fault: " +
  'report the file.'

/** Operators check what they are given; any other error means that a file contradicts itself, or is misread. */
export const understood = <T>(where: string, compute: () => T): T => {
  try {
    return compute()
  } catch (error) {
    if (error instanceof RecurraError) throw error
    const got = error instanceof Error ? error.message : String(error)
    throw Object.assign(unsupported(where, 'operators and weights that fit together', got, check), { cause: error })
  }
}
