import type { Blueprint, Sequence } from '@recurra/layers'
import type { RecurrentOptions } from '@recurra/rnn'
import { describeShape, ValueError, type NamedTensors } from '@recurra/tensor'

/** A layer that the tensors may belong to. */
export interface Meaning {
  /** The number of input features, or of symbols for an embedding. */
  readonly takes: number
  /** The number of output features. */
  readonly gives: number
  /** Makes the layer; a recurrent one in one of two directions. */
  readonly make: (options?: Pick<RecurrentOptions, 'reverse'>) => Blueprint
  /** Whether the tensors do not reveal the activation of its gates. */
  readonly gated?: boolean
  /** What was assumed of it, where no tensor tells. */
  readonly assumed?: string
}

/** A layer of another framework, as far as its tensors reveal it. */
export interface Module extends Omit<Meaning, 'make' | 'assumed'> {
  /** Its name in the file. */
  readonly name: string
  /** The layers that it can be in Recurra. */
  readonly blueprint: Blueprint
  /** Its tensors, by the last part of their names. */
  readonly parts: NamedTensors
  /** What was assumed of it, where no tensor tells. */
  readonly assumed?: string | undefined
}

/** The gate activations of an LSTM or GRU. */
export const recurrentActivations: readonly RecurrentActivation[] = ['sigmoid', 'hardSigmoid', 'hardSigmoidKeras2']

/**
 * The gate activation of an LSTM or GRU: `sigmoid`, the `hard_sigmoid` of Keras 3, or the one of Keras 2 and
 * TensorFlow.js.
 */
export type RecurrentActivation = 'sigmoid' | 'hardSigmoid' | 'hardSigmoidKeras2'

/** What an import needs in addition to the file. */
export interface Hints {
  /** Whether recurrent layers use relu instead of tanh, where they may; the tensors do not reveal it. */
  readonly relu?: boolean | undefined
  /** The gate activation of LSTMs and GRUs; the weights of Keras do not reveal it. */
  readonly recurrentActivation?: RecurrentActivation | undefined
  /** The layer, for errors. */
  readonly where?: string
}

/** What is assumed where nothing says which activation a recurrent layer has. */
export const activationIsTanh =
  'its activation is taken for tanh, as no tensor tells. If it is relu, pass { relu: true }.'

/** The error for what an import cannot infer, or does not support. */
export const unclear = (
  where: string,
  expected: string,
  got: string,
  fix = 'Build the model yourself, and give it the parameters with loadParameters.',
): ValueError => new ValueError({ where: `importModel${where ? `, ${where}` : ''}`, expected, got, fix })

/** The shapes of parts as text: `weight [4, 3], bias [4]`. */
export const described = (parts: NamedTensors): string =>
  [...parts].map(([name, { shape }]) => `${name} ${describeShape(shape)}`).join(', ')

/**
 * The sizes by name, if the parts match a pattern exactly: `{ weight: ['gives', 'takes'], 'bias?': ['gives'] }`. A
 * number is a fixed size; a part with a question mark is optional.
 */
export const sizesOf = (parts: NamedTensors, pattern: Pattern): Sizes | undefined => {
  const sizes: { [name: string]: number } = {}
  let matched = 0
  for (const [key, wanted] of Object.entries(pattern)) {
    const shape = parts.get(key.replace('?', ''))?.shape
    if (!shape && key.endsWith('?')) continue
    if (shape?.length !== wanted.length) return undefined
    matched++
    for (const [i, size] of wanted.entries())
      if ((typeof size === 'number' ? size : (sizes[size] ??= shape[i]!)) !== shape[i]) return undefined
  }
  return matched === parts.size ? (sizes as unknown as Sizes) : undefined
}

/** Axes by part: the name of a size, or a fixed size. */
export type Pattern = { readonly [part: string]: readonly (string | number)[] }

interface Sizes {
  readonly [name: string]: number
  readonly takes: number
  readonly gives: number
}

/** The layer of parts that match a pattern exactly. If no part reveals the output size, it equals the input size. */
export const recognized = (
  parts: NamedTensors,
  pattern: Pattern,
  make: (sizes: Sizes) => unknown,
): Meaning | undefined => {
  const sizes = sizesOf(parts, pattern)
  return sizes && { takes: sizes.takes, gives: sizes.gives ?? sizes.takes, make: () => make(sizes) as Blueprint }
}

/** The signature of a cell's maker that an import needs. */
export type MakeCell = (size: number, options?: RecurrentOptions<never, never>) => Blueprint<Sequence, Sequence>
