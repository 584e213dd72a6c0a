import type { Layer, Variable } from '@recurra/layers'
import { sizeOf } from '@recurra/tensor'
import type { NamedTensors } from './named-tensors.ts'

/** One tensor of a file, and where its numbers belong in a model. */
export interface StoredParameter {
  /** What the tensor is called in the file. */
  readonly name: string
  /** Its sizes in the file. */
  readonly shape: readonly number[]
  /** The parameters whose numbers follow one another in it; one, as a rule. */
  readonly parts: readonly Part[]
}

/** A parameter as a part of a tensor in a file. */
export interface Part {
  /**
   * The parameter. One that stands in several places is the sum of them: its numbers are written into the first, and 0
   * into the others. Without a parameter the numbers are 0, and a file that has others there cannot be read.
   */
  readonly param: Variable | undefined
  /** Another parameter that the file does not keep apart: it is added when written, and becomes 0 when read. */
  readonly plus?: Variable
  /** Where in the parameter each number of the file stands. Default: in the same place. */
  readonly order?: Int32Array
}

/**
 * How a framework stores the parameters of a layer: under which names, transposed or not, with the gates in which
 * order. `recurra`, `pytorch` and `keras` are layouts.
 */
export interface ParameterLayout {
  /** The tensors of a layer or model. */
  (layer: Layer): readonly StoredParameter[]
  /**
   * The tensors of a file under the names of the layout, where a framework has other ways to keep the same: asked for
   * where the names in a file are not those of the layout.
   */
  readonly plain?: (tensors: NamedTensors, wanted: ReadonlySet<string>) => NamedTensors
}

/** The parameters of one layer by name. */
export type Own = { readonly [name: string]: Variable }

/** How many numbers a part has. */
export const sizeOfPart = ({ param, order }: Part): number => order?.length ?? sizeOf(param!.value.shape)

/** A parameter as it is. */
export const asIs = (name: string, param: Variable): StoredParameter => ({
  name,
  shape: param.value.shape,
  parts: [{ param }],
})

/** A parameter [rows, columns] of ours that is [columns, rows] in the file. */
export const transposed = (name: string, param: Variable): StoredParameter => {
  const [rows, columns] = param.value.shape as [number, number]
  const order = Int32Array.from({ length: rows * columns }, (_, i) => (i % rows) * columns + Math.floor(i / rows))
  return { name, shape: [columns, rows], parts: [{ param, order }] }
}

/** The places from `begin` to `end` in their order. */
export const range = (begin: number, end: number): Int32Array =>
  Int32Array.from({ length: end - begin }, (_, i) => begin + i)
