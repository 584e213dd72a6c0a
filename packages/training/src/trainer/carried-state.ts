import { copy, innermost, inOrder, namedVariables, zero, type Frame, type Layer } from '@recurra/layers/authoring'
import { ConfigurationError, type NamedTensor, type Tensor } from '@recurra/tensor'
import { advanceOf } from './advance.ts'

/** What one batch hands to the next, copied. */
export interface Carried {
  /** The state, slot by slot; empty where it is not carried. */
  readonly state: readonly NamedTensor[]
  /** How many of the next batch's steps were in the batch before it. */
  readonly repeated: number
}

/** How batches follow each other. */
export interface CarryOptions {
  /** Whether each batch continues from the state in which the one before it ended. Default: false. */
  readonly carry?: boolean | undefined
  /** How far each batch goes beyond the one before it, where the state is carried. Default: `steps`. */
  readonly stride?: number | undefined
}

/** The state of a call that one batch hands to the next, where it is carried. */
export interface CarriedState {
  /** How many of the next batch's steps were in the batch before it. */
  repeated: number
  /** What the next batch starts from, slot by slot; nothing where it is not carried. */
  readonly tensors: readonly (readonly [path: string, Tensor])[]
  /** Goes through the first steps once more, where batches overlap: the next one starts behind them. */
  advance(): void
  /** The next batch continues from the state in which the last one ended. */
  continueFromLast(): void
  /** The next batch starts from a state of zero. */
  reset(): void
}

/**
 * Plans it for a call.
 * @throws `ConfigurationError` if the model cannot continue from batch to batch, or has no state after a stride.
 */
export const carriedStateOf = (
  layer: Layer, frame: Frame, steps: number, { carry = false, stride = steps }: CarryOptions,
): CarriedState => {
  if (carry) expectContinuing(layer, steps)
  const { backend } = layer
  const initial = namedVariables(frame.initial).map(([path, { value }]) => [path, value] as const)
  const advance = stride < steps ? advanceOf(layer, frame, stride, carry) : undefined
  const final = carry ? namedVariables((advance ?? frame).final) : []
  const [toNext, toZero] = [
    inOrder(final.map(([, { value }], i) => copy(backend, value, initial[i]![1]))),
    inOrder(initial.map(([, value]) => zero(backend, value))),
  ]
  const state: CarriedState = {
    repeated: 0,
    tensors: carry ? initial : [],
    advance: () => advance?.run(),
    continueFromLast() {
      toNext(0)
      state.repeated = steps - stride
    },
    reset() {
      toZero(0)
      state.repeated = 0
    },
  }
  return state
}

const expectContinuing = (layer: Layer, steps: number): void => {
  const { causal, source, type, stride } = layer
  if (stride && steps % stride.every !== 0)
    throw new ConfigurationError({
      where: 'carry',
      expected: `windows of a multiple of ${stride.every} steps, for each of which ${type} has an output`,
      got: `${steps} steps`,
      fix: 'Make the windows shorter or longer, or do not carry the state.',
    })
  if (stride && (stride.first ?? 0) >= stride.every)
    throw new ConfigurationError({
      where: 'carry',
      expected: 'layers that have an output for every step of a window',
      got: `${type}, whose first ${stride.first} steps have none`,
      fix: "Give its convolutions padding: 'causal', or do not carry the state.",
    })
  if (!causal)
    throw new ConfigurationError({
      where: 'carry',
      expected: 'layers that read the past alone',
      got: `${innermost(layer, (part) => !part.causal)}, which needs the whole sequence`,
      fix: 'Leave out bidirectional, pools over all steps and repeat, or do not carry the state.',
    })
  if (source)
    throw new ConfigurationError({
      where: 'carry',
      expected: 'a model that continues from batch to batch',
      got: `${type}, which starts from the source of each sequence`,
      fix: 'Do not carry the state.',
    })
}
