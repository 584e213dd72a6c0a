import { namedVariables, type Layer, type Variable } from '@recurra/layers'
import { todaysName } from '@recurra/rnn/authoring'
import { sizeOf, type NamedTensor, type NamedTensors } from '@recurra/tensor'

/** An entry of a layout: a tensor of a file, and the model parameters that it holds. */
export interface LayoutEntry extends Pick<NamedTensor, 'name' | 'shape'> {
  /** The parameters that it holds one after the other; usually one. */
  readonly parts: readonly ParameterPart[]
}

/** A parameter as a part of a tensor in a file. */
export interface ParameterPart {
  /**
   * The parameter. A parameter in several places is their sum: its values are written to the first place, and 0 to the
   * others. Without a parameter the values are 0, and a file with other values there cannot be read.
   */
  readonly param: Variable | undefined
  /** Another parameter that the file does not store separately: it is added when written, and set to 0 when read. */
  readonly plus?: Variable
  /** The position in the parameter of each value in the file. Default: the same position. */
  readonly order?: Int32Array
}

/**
 * How a framework stores the parameters of a layer: their names, whether they are transposed, and the order of the
 * gates. `recurra`, `pytorch` and `keras` are layouts.
 */
export interface ParameterLayout {
  /** The tensors of a layer or model. */
  (layer: Layer): readonly LayoutEntry[]
  /**
   * The tensors of a file under the names of the layout, if a framework has other ways to store them. It is called when
   * the names in a file differ from those of the layout.
   */
  readonly plain?: (tensors: NamedTensors, wanted: ReadonlySet<string>) => NamedTensors
}

/** The parameters of one layer by name. */
export type Own = { readonly [name: string]: Variable }

/** The number of values of a part. */
export const sizeOfPart = ({ param, order }: ParameterPart): number => order?.length ?? sizeOf(param!.value.shape)

/** A parameter as it is. */
export const asIs = (name: string, param: Variable): LayoutEntry => ({
  name,
  shape: param.value.shape,
  parts: [{ param }],
})

/** A parameter [rows, columns] of ours that is [columns, rows] in the file. */
export const transposed = (name: string, param: Variable): LayoutEntry => {
  const [rows, columns] = param.value.shape as [number, number]
  const order = Int32Array.from({ length: rows * columns }, (_, i) => (i % rows) * columns + Math.floor(i / rows))
  return { name, shape: [columns, rows], parts: [{ param, order }] }
}

/**
 * The positions of the values of a tensor whose rows hold gates of `units` in another order: `gates` gives the
 * positions of their gates among ours.
 */
export const gatesInOrder = (gates: readonly number[], units: number, size: number): Int32Array =>
  Int32Array.from({ length: size }, (_, i) => {
    const column = i % (gates.length * units)
    return i - column + gates[Math.floor(column / units)]! * units + (column % units)
  })

/** The positions from `begin` to `end`, in order. */
export const range = (begin: number, end: number): Int32Array =>
  Int32Array.from({ length: end - begin }, (_, i) => begin + i)

/**
 * Recurra's own layout: parameters under their paths, e.g. `0.recurrentWeight`, unchanged.
 *
 * ```ts
 * import { lstm, readSafetensors, recurra, saveParameters, sequential } from 'recurra'
 *
 * const { tensors } = readSafetensors(saveParameters(sequential(4, [lstm(8)]), { layout: recurra }))
 * console.log(tensors.get('0.weight')?.shape) // [4, 32]
 * ```
 */
export const recurra: ParameterLayout = /* @__PURE__ */ Object.assign(
  ({ params }: Layer) => namedVariables(params).map(([path, param]) => asIs(path, param)),
  {
    // A file may hold both the old and the new name: the old one is then surplus, and an error names it.
    plain: (tensors: NamedTensors, wanted: ReadonlySet<string>) => new Map([...tensors].map(([name, tensor]) => {
      const today = todaysName(name, wanted)
      return [tensors.has(today) ? name : today, tensor]
    })),
  },
)
