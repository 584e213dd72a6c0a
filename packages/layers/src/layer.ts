import type { Backend } from '@recurra/backend'
import type { Random } from '@recurra/tensor'
import type { CallShape, Frame } from './frame.ts'
import type { SizeLimit } from './size-limit.ts'
import type { Signal } from './signal.ts'
import type { Params, State, Wire } from './variable.ts'

/**
 * A function with parameters, which can be planned for any call shape. A layer holds no activations (its frames do), so
 * several calls of the same layer may be in progress at once.
 */
export interface Layer<In extends Signal = Signal, Out extends Signal = Signal, S extends State = State> {
  /** The kind of layer, e.g. `lstm`. */
  readonly type: string
  /** The input. */
  readonly in: In
  /** The output. */
  readonly out: Out
  /** The parameters, by name. */
  readonly params: Params
  /** The backend that it runs on. */
  readonly backend: Backend
  /** Whether output step t depends only on input steps up to t, so that the layer can be streamed. */
  readonly causal: boolean
  /** The steps that it gives, if not one for each that it reads. */
  readonly stride?: Stride | undefined
  /**
   * Whether training can cut its sequences into segments, as `fit({ recompute })` does. From the state at its
   * beginning, a segment must then give what the whole sequence gives there, and the gradients of the segments must add
   * up; a layer that gives one vector must give what it finds at the last real step. Default: whether it is causal,
   * gives a sequence and answers every step.
   */
  readonly segmentable?: boolean | undefined
  /**
   * Whether its parts read a whole sequence of their own at each step, and start over at the next one: a stream does
   * not step them. Default: they go through the steps of their container.
   */
  readonly restarts?: boolean
  /** The second input of a layer that has a source; `plan` receives it in the call shape. */
  readonly source?: Signal
  /** The layers inside a container, by name, in the order in which they run. */
  readonly parts?: readonly (readonly [name: string, layer: Layer])[]
  /** The generator that it draws from in training, if any. Its state is part of a checkpoint. */
  readonly random?: Random
  /**
   * Plans a call and allocates all its memory. Run the frame with `frame.forward()` and `frame.backward()`.
   * @throws `ConfigurationError` if the call shape is invalid, or lacks a source that the layer needs.
   * @throws `ShapeError` if the shape of `x` does not match the layer and the call shape, for example if steps and
   * batch are swapped.
   * @throws `ValueError` if a layer derives invalid lengths from those of the call.
   * @throws `MemoryError` if the backend does not have enough memory.
   */
  plan(x: Wire, callShape: CallShape): Frame<S>
}

/** How many steps a causal layer gives for those that it reads, if not one for each. */
export interface Stride {
  /** The number of steps from one output to the next. */
  readonly every: number
  /** The step of the first output. Default: 0. */
  readonly first?: number
  /** The number of steps of each output; more than one if the layer upsamples. Default: 1. */
  readonly outputs?: number
}

/** The context in which a layer is built. */
export interface BuildContext {
  /** The backend that holds its parameters. */
  readonly backend: Backend
  /** The generator of their initial values. */
  readonly random: Random
  /** The source that layers in the decoder of an encoder-decoder may read. */
  readonly source?: Signal
  /** Whether to leave the parameters 0, because they will be loaded or only counted. */
  readonly uninitialized?: boolean
  /** The size limit, if the description of the model comes from an untrusted file. */
  readonly sizeLimit?: SizeLimit
  /** The position in the model, for error messages. */
  readonly where?: string
}

/** The output has the shape of the input. */
export type Same = 'same'
/** The output is of the kind of the input, with a new number of features. */
export interface Resized<F extends number = number> {
  /** How many. */
  readonly resized: F
}
/** The output is one vector with the features of the input. */
export type AsVector = 'vector'
/** The output is a sequence with the features of the input at every step. */
export type AsSequence = 'sequence'
/** How the compiler derives the output of a layer from its input. */
export type Gives = Same | Resized | AsVector | AsSequence | Signal

/** What the compiler knows about a blueprint; it does not exist at run time. */
export interface Flow<Accepts extends Signal, G extends Gives, S extends State> {
  /** The signals that it accepts. */
  readonly accepts: Accepts
  /** Its output, given the input. */
  readonly gives: G
  /** Its state. */
  readonly state: S
}

/** A layer whose input size is not known yet: plain data (its JSON is the model's config) and `build`. */
export interface Blueprint<Accepts extends Signal = Signal, G extends Gives = Gives, S extends State = State> {
  /** The kind of layer, e.g. `lstm`. */
  readonly type: string
  /** The name that `named` gives it. */
  readonly name?: string
  /** Its options, as plain data. */
  readonly options?: Readonly<Record<string, unknown>>
  /**
   * Builds the layer for an input, and initializes its parameters.
   * @throws `ShapeError` if the layer does not take such an input.
   * @throws `ConfigurationError` if an option is invalid for it, or a source is needed and there is none.
   * @throws `ValueError` if it exceeds the size limit of the context.
   */
  build(input: Signal, context: BuildContext): Layer<Signal, Signal, State>
  /** Only for the compiler: the accepted inputs, the output and the state. */
  readonly '~flow'?: Flow<Accepts, G, S>
}

/** The origin of an error: the layer, and its position in the model if it has one. */
export const whereOf = (type: string, { where }: BuildContext): string => (where ? `${type} (${where})` : type)

/**
 * The innermost layer of which something holds that holds of all around it, as errors name it: `gru (layer
 * 1.backward)`; the type alone of a layer without parts.
 */
export const innermost = (layer: Layer, holds: (part: Layer) => boolean, path = ''): string => {
  const [name, part] = layer.parts?.find(([, one]) => holds(one)) ?? []
  if (part) return innermost(part, holds, path ? `${path}.${name}` : name)
  return path ? `${layer.type} (layer ${path})` : layer.type
}
