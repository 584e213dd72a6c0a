import { namedVariables, type Layer, type Variable } from '@recurra/layers'
import { todaysName } from '@recurra/rnn/authoring'
import { sizeOf, type NamedTensor, type NamedTensors } from '@recurra/tensor'

/** An entry of a layout: a tensor of a file, and the parameters of a model that its values belong to. */
export interface LayoutEntry extends Pick<NamedTensor, 'name' | 'shape'> {
  /** The parameters whose values follow one another in it; one, as a rule. */
  readonly parts: readonly ParameterPart[]
}

/** A parameter as a part of a tensor in a file. */
export interface ParameterPart {
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
  (layer: Layer): readonly LayoutEntry[]
  /**
   * The tensors of a file under the names of the layout, where a framework has other ways to keep the same: asked for
   * where the names in a file are not those of the layout.
   */
  readonly plain?: (tensors: NamedTensors, wanted: ReadonlySet<string>) => NamedTensors
}

/** The parameters of one layer by name. */
export type Own = { readonly [name: string]: Variable }

/** How many numbers a part has. */
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
 * Where each number of a tensor stands whose rows are gates of `units` side by side, when the gates come in another
 * order: `gates` are the places of theirs among ours.
 */
export const gatesInOrder = (gates: readonly number[], units: number, size: number): Int32Array =>
  Int32Array.from({ length: size }, (_, i) => {
    const column = i % (gates.length * units)
    return i - column + gates[Math.floor(column / units)]! * units + (column % units)
  })

/** The places from `begin` to `end` in their order. */
export const range = (begin: number, end: number): Int32Array =>
  Int32Array.from({ length: end - begin }, (_, i) => begin + i)

/**
 * Our own: the paths of the parameters, e.g. `0.recurrentWeight`, each as it is.
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
    // What a name has become may stand beside it: then the old one is one too many, and named as it is.
    plain: (tensors: NamedTensors, wanted: ReadonlySet<string>) => new Map([...tensors].map(([name, tensor]) => {
      const today = todaysName(name, wanted)
      return [tensors.has(today) ? name : today, tensor]
    })),
  },
)
