import type { Kernel } from '@recurra/backend'
import { ConfigurationError, type Tensor } from '@recurra/tensor'
import type { Lengths } from './lengths.ts'
import { inSequence, type Pass } from './pass.ts'
import type { Segments } from './segments.ts'
import type { State, Wire } from './variable.ts'

/** The shape and mode of a call that `plan` allocates memory for. */
export interface CallShape {
  /** The number of time steps. */
  readonly steps: number
  /** The number of sequences. */
  readonly batch: number
  /** The lengths of the sequences. Default: all have `steps` steps. */
  readonly lengths?: Lengths | undefined
  /** 'training' allocates gradients and enables dropout; 'inference' does neither. */
  readonly mode: 'training' | 'inference'
  /** A second input, for layers that have a source. */
  readonly source?: Source | undefined
  /** Whether this is one step of a stream, between others. Default: a call of whole sequences. */
  readonly streaming?: boolean
  /** The segments one of which this call is, at a time. Default: a call of whole sequences. */
  readonly segments?: Segments | undefined
  /**
   * Features that layers before this one pass on, by name: a layer adds its own to the call shape that it returns.
   * Default: none.
   */
  readonly earlier?: { readonly [name: string]: EarlierFeatures } | undefined
}

/** Features of an earlier layer, which later ones read. */
export interface EarlierFeatures {
  /** [steps, batch, size] */
  readonly value: Tensor
  /** The memory of their gradient, to which each reader adds: the owner clears it. */
  readonly gradient: () => Tensor
}

/**
 * A second input, which is complete before the first step and the same for all steps. For an encoder-decoder it is the
 * input of the encoder; for the layers of its decoder it is the output of the encoder. A layer may plan its inner
 * layers with another source (`sourceOf`): its own input, the features of a head (`sourceOfHead`), or a computed one.
 */
export interface Source {
  /** Its values. Each reader adds to the gradient; the owner clears it first. */
  readonly y: Wire
  /** The call shape of `y`: it has its own steps and lengths, and the batch of the input. */
  readonly callShape: CallShape
  /** Takes kernels that run once for all steps, e.g. the projection of keys: the owner runs them after writing `y`. */
  readonly prepare: (...kernels: readonly Kernel[]) => void
}

/** A planned call of a layer: its memory, allocated once and reused by every run, and its forward and backward pass. */
export interface Frame<S extends State = State> extends Pass {
  /** The input: [time, batch, features], [batch, features] or tokens [time, batch]. */
  readonly x: Wire
  /** What it writes. */
  readonly y: Wire<Tensor>
  /** The call shape of `y`. */
  readonly callShape: CallShape
  /** The state before the first step: zero until it is written. `backward` overwrites its `grad`. */
  readonly initial: S
  /** The state after the last step. `backward` reads its `grad`. */
  readonly final: S
  /** The attention weights of each attention layer: [batch, time, source time]. */
  readonly attentionWeights?: readonly Tensor[]
  /** The frames of the layers inside a container, in the order of its `parts`. */
  readonly parts?: readonly Frame[]
  /** x, initial -> y, final (values overwritten). */
  readonly forward: () => void
  /**
   * What a training step leaves in the layer besides gradients, such as running statistics: the trainer runs it once a
   * step has succeeded, before the next one.
   */
  readonly commit?: Kernel
  /**
   * In a stream of layers with a stride: one step after so many others, and final -> initial. Layers behind one that
   * has no output at this step stay as they are.
   */
  readonly step?: (before: number) => void
  /**
   * y.grad, final.grad -> x.grad, initial.grad (overwritten) and the gradients of the parameters (accumulated).
   * @throws `ConfigurationError` if the frame was not planned for training.
   */
  readonly backward: () => void
}

/** The memory of a frame, as `plan` allocates it. A layer omits the parts that it does not have. */
export type FrameMemory<S extends State = State> = Pick<Frame<S>, 'x' | 'y' | 'callShape'> &
  Partial<Pick<Frame<S>, 'initial' | 'final' | 'attentionWeights' | 'parts' | 'commit'>>

/** Combines memory and a pass to a frame. */
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

/** Plans layers in sequence: the output of each is the input of the next. No layers give the input itself. */
export const planInSequence = <S extends State>(
  layers: readonly { readonly plan: (x: Wire, callShape: CallShape) => Frame }[], x: Wire, callShape: CallShape,
): Frame<S> => {
  const parts: Frame[] = []
  let flow: Pick<Frame, 'callShape'> & { readonly y: Wire } = { y: x, callShape }
  for (const layer of layers) parts.push((flow = layer.plan(flow.y, flow.callShape)))
  const memory = {
    x,
    y: flow.y as Wire<Tensor>,
    callShape: flow.callShape,
    initial: parts.map(({ initial }) => initial) as State as S,
    final: parts.map(({ final }) => final) as State as S,
    attentionWeights: parts.flatMap(({ attentionWeights = [] }) => attentionWeights),
    parts,
  }
  return frameOf(memory, inSequence(...parts))
}
