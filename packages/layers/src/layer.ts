import type { Backend } from '@recurra/backend'
import type { Random } from '@recurra/tensor'
import type { CallShape, Frame } from './frame.ts'
import type { SizeLimit } from './size-limit.ts'
import type { Signal } from './signal.ts'
import type { Params, State, Wire } from './variable.ts'

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
   * Plans a call; all allocation happens here. The frame then runs by itself: `frame.forward()`, `frame.backward()`.
   * @throws `ConfigurationError` if the call shape is invalid, or the layer needs a source, and it has none.
   * @throws `ShapeError` if `x` is of another shape than the layer and the call shape have, as when steps and batch are
   * exchanged.
   * @throws `MemoryError` if the backend does not have so much memory.
   */
  plan(x: Wire, callShape: CallShape): Frame<S>
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
  readonly uninitialized?: boolean
  /** How large it may become, where its description comes from outside. */
  readonly sizeLimit?: SizeLimit
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
   * @throws `ConfigurationError` if an option is invalid for it, or a source is needed and there is none.
   * @throws `ValueError` if it exceeds the size limit of the context.
   */
  build(input: Signal, context: BuildContext): Layer<Signal, Signal, State>
  /** For the compiler alone: what is accepted, what is given, what state is carried. */
  readonly '~flow'?: Flow<Accepts, G, S>
}

/** Who complains, in an error: the layer, and its place in the model where it has one. */
export const whereOf = (type: string, { where }: BuildContext): string => (where ? `${type} (${where})` : type)
