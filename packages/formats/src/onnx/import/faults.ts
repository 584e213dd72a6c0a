import { RecurraError, ValueError } from '@recurra/tensor'
import type { NodeProto } from '../onnx_pb.ts'
import type { Value } from './values.ts'

/** What to do about a file that contradicts itself. */
export const damaged = 'The file is damaged.'

/** What to do where the graph depends on a size that its file leaves open. */
export const passShape = 'Pass the shape of the input: { shapes: { input: [1, 512] } }.'

/** What to do about an operator that no layer does. */
export const partFix = 'Import the part of the graph around it, { input, output }, or build the model yourself.'

/** The error for what an ONNX file has and Recurra has not. */
export const unsupported = (
  where: string, expected: string, got: string,
  fix: string = partFix,
): ValueError => new ValueError({ where: `importOnnx${where ? `, ${where}` : ''}`, expected, got, fix })

/** A node in messages: its operator, and its name or the name of its output. */
export const describeNode = ({ opType, name, output: [first = ''] }: NodeProto): string =>
  `${opType} '${name === '' ? first : name}'`

/**
 * The value, or the error that says why there is none. Operators check what they are given: an error of another kind is
 * a fault of ours, and no reason to call the file damaged.
 */
export const attempt = <T extends Value | readonly Value[]>(compute: () => T): T | Value => {
  try {
    return compute()
  } catch (error) {
    if (error instanceof RecurraError) return { kind: 'failed', error }
    throw error
  }
}
