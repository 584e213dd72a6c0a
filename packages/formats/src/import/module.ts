import type { Blueprint, Sequence } from '@recurra/layers'
import type { RecurrentOptions } from '@recurra/rnn'
import { describeShape, ValueError, type NamedTensors } from '@recurra/tensor'

/** What the tensors of a layer may mean. */
export interface Meaning {
  /** How many features it takes, or symbols, where it is an embedding. */
  readonly takes: number
  /** How many features it gives. */
  readonly gives: number
  /** Makes the layer; recurrent ones in one of two directions. */
  readonly make: (options?: Pick<RecurrentOptions, 'reverse'>) => Blueprint
  /** Whether it has gates whose function no tensor tells. */
  readonly gated?: boolean
  /** What was assumed of it, where no tensor tells. */
  readonly assumed?: string
}

/** A layer of another framework, as far as its tensors tell. */
export interface Module extends Omit<Meaning, 'make' | 'assumed'> {
  /** What it is called in the file. */
  readonly name: string
  /** What it is in Recurra. */
  readonly blueprint: Blueprint
  /** Its tensors, by the last part of their names. */
  readonly parts: NamedTensors
  /** What was assumed of it, where no tensor tells. */
  readonly assumed?: string | undefined
}

/** The functions that the gates of an LSTM or GRU may have. */
export const recurrentActivations: readonly RecurrentActivation[] = ['sigmoid', 'hardSigmoid', 'hardSigmoidKeras2']

/**
 * The function of the gates of an LSTM or GRU: `sigmoid`, or the `hard_sigmoid` of Keras 3, or that of Keras 2 and
 * TensorFlow.js.
 */
export type RecurrentActivation = 'sigmoid' | 'hardSigmoid' | 'hardSigmoidKeras2'

/** What an import needs besides the file. */
export interface Hints {
  /** Whether simple recurrent layers have relu in place of tanh, which no tensor tells. Default: false. */
  readonly relu?: boolean
  /** The function of the gates of LSTMs and GRUs, which the weights of Keras do not tell. */
  readonly recurrentActivation?: RecurrentActivation | undefined
  /** The layer, for errors. */
  readonly where?: string
}

/** What an import cannot know, or does not know. */
export const unclear = (
  where: string,
  expected: string,
  got: string,
  fix = 'Build the model yourself, and give it the parameters with loadParameters.',
): ValueError => new ValueError({ where: `importModel${where ? `, ${where}` : ''}`, expected, got, fix })

/** The shapes of parts as a person reads them: `weight [4, 3], bias [4]`. */
export const described = (parts: NamedTensors): string =>
  [...parts].map(([name, { shape }]) => `${name} ${describeShape(shape)}`).join(', ')

/**
 * The sizes by name, where the parts are exactly those of a pattern: `{ weight: ['gives', 'takes'], 'bias?': ['gives']
 * }`. A number is a size that must be so; a part with a question mark may be missing.
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

/** Axes by part: the name of a size, or a number that it must be. */
export type Pattern = { readonly [part: string]: readonly (string | number)[] }

interface Sizes {
  readonly [name: string]: number
  readonly takes: number
  readonly gives: number
}

/** What parts mean that are exactly those of a pattern; a layer gives as many features as it takes, where none says. */
export const recognized = (
  parts: NamedTensors,
  pattern: Pattern,
  make: (sizes: Sizes) => unknown,
): Meaning | undefined => {
  const sizes = sizesOf(parts, pattern)
  return sizes && { takes: sizes.takes, gives: sizes.gives ?? sizes.takes, make: () => make(sizes) as Blueprint }
}

/** The part of a cell's maker that an import needs. */
export type MakeCell = (size: number, options?: RecurrentOptions<never, never>) => Blueprint<Sequence, Sequence>
