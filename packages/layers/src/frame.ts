import type { Kernel } from '@recurra/backend'
import { ConfigurationError, type Tensor } from '@recurra/tensor'
import type { Lengths } from './lengths.ts'
import type { Pass } from './pass.ts'
import type { State, Wire } from './variable.ts'

/** How much a plan covers. */
export interface CallShape {
  /** How long the sequences are. */
  readonly steps: number
  /** How many sequences run side by side. */
  readonly batch: number
  /** Sequences shorter than `steps`; without it all are full. */
  readonly lengths?: Lengths | undefined
  /** 'training' plans memory for gradients and lets dropout act; 'inference' does neither. */
  readonly mode: 'training' | 'inference'
  /** What is read besides the input, by layers that have a source. */
  readonly source?: Source | undefined
}

/**
 * What is read besides the input, whole before the first step and the same for all steps. To an encoder-decoder it is
 * what the encoder reads; to the layers of its decoder it is what the encoder gives. A layer may plan those inside it
 * with another: its own input, the features of a head (`sourceOfHead`), or anything that it makes (`withSource`).
 */
export interface Source {
  /** Its values. Who reads them adds to the gradient, because many may; the owner clears it. */
  readonly y: Wire
  /** The call shape of `y`: its steps and lengths are its own, the batch is that of the input. */
  readonly callShape: CallShape
  /**
   * What has to be done once for all steps, e.g. the projection of keys: a plan adds it here, and the owner runs it
   * when `y` was written.
   */
  readonly once: Kernel[]
}

/** One call of a layer, planned: its memory, allocated once and reused by every run, and both directions. */
export interface Frame<S extends State = State> extends Pass {
  /** What the layer reads: [time, batch, features], [batch, features] or tokens [time, batch]. */
  readonly x: Wire
  /** What it writes. */
  readonly y: Wire<Tensor>
  /** The call shape of `y`. */
  readonly callShape: CallShape
  /** The state before the first step: zero, unless somebody writes it. Its `grad` is overwritten by `backward`. */
  readonly initial: S
  /** The state after the last step. Its `grad` is read by `backward`. */
  readonly final: S
  /**
   * How much each step looked at each step of the source, [batch, time, source time]: one for each layer of attention
   * in it.
   */
  readonly attentionWeights?: readonly Tensor[]
  /** The frames of the layers inside a container, as they stand in its `parts`. */
  readonly parts?: readonly Frame[]
  /** x, initial -> y, final (values overwritten). */
  readonly forward: () => void
  /**
   * y.grad, final.grad -> x.grad, initial.grad (overwritten) and the gradients of the parameters (accumulated).
   * @throws `ConfigurationError` if the frame was not planned for training.
   */
  readonly backward: () => void
}

/** The memory of a frame, as a plan makes it: what is left out does not exist in the layer. */
export type FrameMemory<S extends State = State> = Pick<Frame<S>, 'x' | 'y' | 'callShape'> &
  Partial<Pick<Frame<S>, 'initial' | 'final' | 'attentionWeights' | 'parts'>>

/** A frame of its memory and of the pass over it. */
export const frameOf = <S extends State, M extends FrameMemory<S>>(
  memory: M,
  { forward, backward }: Pass,
): M & Frame<S> => ({
  initial: {} as S,
  final: {} as S,
  ...memory,
  forward: () => forward(0),
  backward: memory.callShape.mode === 'training' ? () => backward(0) : refuseBackward,
})

const refuseBackward = (): never => {
  throw new ConfigurationError({
    where: 'backward',
    expected: 'a frame planned for training',
    got: "mode 'inference'",
    fix: "Plan with mode: 'training'.",
  })
}
