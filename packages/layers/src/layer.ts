import type { Backend, Kernel } from '@recurra/backend'
import type { Random, Tensor } from '@recurra/tensor'
import type { Lengths } from './lengths.ts'
import type { Room } from './room.ts'
import type { Signal } from './signal.ts'
import type { Params, State, Wire } from './variable.ts'

/** How much a plan covers. */
export interface CallShape {
  /** How long the sequences are. */
  readonly steps: number
  /** How many sequences run side by side. */
  readonly batch: number
  /** Sequences shorter than `steps`; without it all are full. */
  readonly lengths?: Lengths
  /** 'training' plans memory for gradients and lets dropout act; 'inference' does neither. */
  readonly mode: 'training' | 'inference'
  /** What is read besides the input, by layers that have a source. */
  readonly source?: Source
}

/**
 * What is read besides the input, whole before the first step and the same for all steps. To an encoder-decoder it is
 * what the encoder reads; to the layers of its decoder it is what the encoder gives.
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

/** The memory of one call: allocated once by `plan`, reused for ever. */
export interface Frame<S extends State = State> {
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
  readonly weights?: readonly Tensor[]
  /** The memory of the layers inside a container, as they stand in its `parts`. */
  readonly parts?: readonly Frame[]
}

/**
 * A function with parameters, unrolled over whatever call shape is asked for. A layer holds no memory of a call (that
 * is the frame's), so the same layer may be in the middle of several calls at once.
 */
export interface Layer<In extends Signal = Signal, Out extends Signal = Signal, S extends State = State> {
  /** The kind of layer, e.g. `lstm`. */
  readonly type: string
  /** What it takes. */
  readonly in: In
  /** What it gives. */
  readonly out: Out
  /** What it learns, by name. */
  readonly params: Params
  /** Where it runs. */
  readonly backend: Backend
  /** Whether step t needs nothing from later steps, so that it can be streamed. */
  readonly causal: boolean
  /** What it reads besides its input, where it does: then `plan` finds it in the call shape. */
  readonly source?: Signal
  /** The layers inside a container, by name, in the order in which they run. */
  readonly parts?: readonly (readonly [name: string, layer: Layer])[]
  /** Where it draws from while it trains, if it does: the state of that is part of a checkpoint. */
  readonly random?: Random
  /**
   * All allocation happens here.
   * @throws `ConfigurationError` if the call shape makes no sense, or the layer needs a source, and it has none.
   * @throws `ShapeError` if `x` is of another shape than the layer and the call shape have, as when steps and batch are
   * exchanged.
   * @throws `MemoryError` if the backend does not have so much memory.
   */
  plan(x: Wire, callShape: CallShape): Frame<S>
  /** x, initial -> y, final (values overwritten). */
  forward(frame: Frame<S>): void
  /**
   * y.grad, final.grad -> x.grad, initial.grad (overwritten) and the gradients of the parameters (accumulated).
   * @throws `ConfigurationError` if the frame was not planned for training.
   */
  backward(frame: Frame<S>): void
}

/** What a layer needs to come into being. */
export interface BuildContext {
  /** Where its parameters live. */
  readonly backend: Backend
  /** Where their first values come from. */
  readonly random: Random
  /** What can be read besides the input, in the decoder of an encoder-decoder. */
  readonly source?: Signal
  /** Whether its parameters are left 0, as nobody asks for first values: others come, or they are only counted. */
  readonly blank?: boolean
  /** How large it may become, where its description comes from outside. */
  readonly room?: Room
  /** Who asks, for error messages. */
  readonly where?: string
}

/** What a layer makes of its input's size. */
export type Same = 'same'
/** The kind of the input with a new number of features. */
export interface Resized<F extends number = number> {
  /** How many. */
  readonly resized: F
}
/** The features of the input, once. */
export type AsVector = 'vector'
/** The features of the input, at every step. */
export type AsSequence = 'sequence'
/** How the output of a layer follows from its input, for the compiler. */
export type Gives = Same | Resized | AsVector | AsSequence | Signal

/** What the compiler knows about a blueprint; there is nothing of it at run time. */
export interface Flow<Accepts extends Signal, G extends Gives, S extends State> {
  /** The signals it takes. */
  readonly accepts: Accepts
  /** What it makes of them. */
  readonly gives: G
  /** What it carries from step to step. */
  readonly state: S
}

/** A layer before its input is known: plain data (its JSON is the model's config) plus `build`. */
export interface Blueprint<Accepts extends Signal = Signal, G extends Gives = Gives, S extends State = State> {
  /** The kind of layer, e.g. `lstm`. */
  readonly type: string
  /** A name of its own, given by `named`. */
  readonly name?: string
  /** What it was made with, as plain data. */
  readonly options?: Readonly<Record<string, unknown>>
  /**
   * The only place that draws random numbers for parameters.
   * @throws `ShapeError` if the layer does not take such an input.
   * @throws `ConfigurationError` if an option makes no sense for it, or a source is needed and there is none.
   * @throws `ValueError` if it does not fit into the room that the context leaves.
   */
  build(input: Signal, context: BuildContext): Layer<Signal, Signal, State>
  /** For the compiler alone: what is accepted, what is given, what state is carried. */
  readonly '~flow'?: Flow<Accepts, G, S>
}

/** Who complains, in an error: the layer, and its place in the model where it has one. */
export const whereOf = (type: string, { where }: BuildContext): string => (where ? `${type} (${where})` : type)
