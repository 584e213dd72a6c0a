import type { AsSequence, AsVector, Blueprint, Flow, Gives, Resized, Same } from './layer.ts'
import type { Sequence, Signal, Tokens, Vector } from './signal.ts'
import type { State } from './variable.ts'

/** A bare number of features stands for a sequence of them. */
export type SignalOf<In extends Signal | number> = In extends number ? Sequence<In> : In

type FlowOf<B> = B extends { readonly '~flow'?: infer F extends Flow<Signal, Gives, State> | undefined }
  ? NonNullable<F>
  : never
type AcceptedBy<B> = FlowOf<B>['accepts']
type GivenBy<B> = FlowOf<B>['gives']
/** The state a blueprint's layer carries from step to step. */
export type StateOf<B> = FlowOf<B>['state']

/** The output of a layer for the input `In`. */
export type OutputOf<In extends Signal, G> =
  G extends Same ? In
  : G extends Resized<infer F> ? (In extends Vector ? Vector<F> : Sequence<F>)
  : G extends AsVector ? Vector<In['size']>
  : G extends AsSequence ? Sequence<In['size']>
  : G extends Signal ? G
  : never

type Offered<S extends Signal> = S extends Tokens
  ? 'tokens'
  : S extends Vector
    ? `one vector of ${S['size']} features`
    : `a sequence of ${S['size']} features`
type Wish<S extends Signal> = [S] extends [Tokens]
  ? 'tokens'
  : [S] extends [Vector]
    ? 'a vector'
    : [S] extends [Sequence]
      ? 'a sequence'
      : 'features'

/**
 * Why a signal does not fit, in words; `never` if it fits. Sizes that are only known at run time pass here, and are
 * checked then.
 */
export type Clash<Expected extends Signal, Got extends Signal> =
  Signal['kind'] extends Got['kind'] ? never
  : Got['kind'] extends Expected['kind']
    ? number extends Got['size'] ? never
      : number extends Expected['size'] ? never
      : Got['size'] extends Expected['size'] ? never
      : `expects ${Expected['size']} features, gets ${Got['size']}`
    : `expects ${Wish<Expected>}, gets ${Offered<Got>}`

/** For each blueprint, why it does not fit the layer before it, or `never`. */
type Clashes<In extends Signal, B extends readonly Blueprint[]> =
  B extends readonly [infer Head extends Blueprint, ...infer Rest extends readonly Blueprint[]]
    ? [Clash<AcceptedBy<Head>, In>, ...Clashes<OutputOf<In, GivenBy<Head>>, Rest>]
    : []

/**
 * Each blueprint as it is, or, if it does not fit the layer before it, a sentence that explains why. A mapped type, not
 * an intersection with `B`: so the compiler shows only the sentence, at the wrong element.
 */
export type Linked<In extends Signal, B extends readonly Blueprint[]> = {
  readonly [I in keyof B]: ClashAt<Clashes<In, B>, I> extends never ? B[I] : ClashAt<Clashes<In, B>, I>
}
type ClashAt<C extends readonly unknown[], I> = I extends keyof C ? C[I] : never

/** The output of the last layer. */
export type LastOf<In extends Signal, B extends readonly Blueprint[]> = B extends readonly [
  infer Head extends Blueprint,
  ...infer Rest extends readonly Blueprint[],
]
  ? LastOf<OutputOf<In, GivenBy<Head>>, Rest>
  : B extends readonly []
    ? In
    : Signal

/** The states of all layers, in their order. */
export type StatesOf<B extends readonly Blueprint[]> = { readonly [I in keyof B]: StateOf<B[I]> }
