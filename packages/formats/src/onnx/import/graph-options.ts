import { isRecord, option, type Option } from '@recurra/tensor'

/** Options of graphs, such as ONNX files. */
export interface GraphOptions {
  /** The values of inputs that choose between networks, such as a sample rate: `{ sr: 16000 }`. Default: none. */
  readonly inputs?: { readonly [name: string]: number | readonly number[] }
  /**
   * The shapes of inputs, where the file leaves sizes open that the graph depends on: `{ input: [1, 512] }`; a name
   * stands for a size that stays open. Default: those of the file.
   */
  readonly shapes?: { readonly [name: string]: readonly (number | string)[] }
  /** The output to import, or any value in the graph. Default: the first output that is not a state. */
  readonly output?: string
  /** A value in the graph that is the input of the model: what comes before it is left out. Default: the input. */
  readonly input?: string
}

const byInput = <T extends object>(expected: string): Option<T | undefined> =>
  option.checked<T>(expected, isRecord)()

/** How they are checked. */
export const graphOptions: { readonly [name in keyof GraphOptions]-?: Option<GraphOptions[name]> } = {
  inputs: byInput<NonNullable<GraphOptions['inputs']>>('values by input, such as { sr: 16000 }'),
  shapes: byInput<NonNullable<GraphOptions['shapes']>>('shapes by input, such as { input: [1, 512] }'),
  output: option.text(),
  input: option.text(),
}
