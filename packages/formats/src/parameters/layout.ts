import type { Layer, Variable } from '@recurra/layers'

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
  /** The parameter. */
  readonly param: Variable
  /** Where in the parameter each number of the file stands; the same place if there is no order. */
  readonly order?: Int32Array
}

/**
 * How a framework stores the parameters of a layer: under which names, transposed or not, with the gates in which order.
 * `recurra`, `pytorch` and `keras` are layouts.
 */
export type ParameterLayout = (layer: Layer) => readonly StoredParameter[]

/** A parameter as it is. */
export const asIs = (name: string, param: Variable): StoredParameter => ({ name, shape: param.value.shape, parts: [{ param }] })

/** A parameter [rows, columns] of ours that is [columns, rows] in the file. */
export const turned = (name: string, param: Variable): StoredParameter => {
  const [rows, columns] = param.value.shape as [number, number]
  const order = Int32Array.from({ length: rows * columns }, (_, i) => (i % rows) * columns + Math.floor(i / rows))
  return { name, shape: [columns, rows], parts: [{ param, order }] }
}
