import type { AsSequence, AsVector, Blueprint, Resized, Same } from './layer.ts'
import type { Sequence, Signal, Tokens, Vector } from './signal.ts'
import type { State } from './variable.ts'

/** A bare number of features stands for a sequence of them. */
export type SignalOf<In extends Signal | number> = In extends number ? Sequence<In> : In

type Flow<B> = B extends { readonly '~flow'?: infer F } ? NonNullable<F> : never
type AcceptedBy<B> = Flow<B> extends { readonly accepts: infer A extends Signal } ? A : never
type GivenBy<B> = Flow<B> extends { readonly gives: infer G } ? G : never
export type StateOf<B> = Flow<B> extends { readonly state: infer S extends State } ? S : never

/** What comes out of a layer when `In` goes in. */
export type Output<In extends Signal, G> =
  G extends Same ? In
  : G extends Resized<infer F> ? (In extends Vector ? Vector<F> : Sequence<F>)
  : G extends AsVector ? Vector<In['size']>
  : G extends AsSequence ? Sequence<In['size']>
  : G extends Signal ? G
  : never

type Named<S extends Signal> =
  S extends Tokens ? 'tokens' : S extends Vector ? `one vector of ${S['size']} features` : `a sequence of ${S['size']} features`
type Kinds<S extends Signal> = S extends Tokens ? 'tokens' : S extends Vector ? 'a vector' : 'a sequence'

/** Why a signal does not fit, in words; `never` where it does. */
export type Clash<Wanted extends Signal, Got extends Signal> =
  Got['kind'] extends Wanted['kind']
    ? number extends Got['size'] ? never
      : number extends Wanted['size'] ? never
      : Got['size'] extends Wanted['size'] ? never
      : `expects ${Wanted['size']} features, gets ${Got['size']}`
    : `expects ${Kinds<Wanted>}, gets ${Named<Got>}`

/** Each blueprint as it is, or, where its neighbour offers something else, the sentence that says so. */
export type Linked<In extends Signal, B extends readonly Blueprint[]> =
  B extends readonly [infer Head extends Blueprint, ...infer Rest extends readonly Blueprint[]]
    ? [[Clash<AcceptedBy<Head>, In>] extends [never] ? Head : Clash<AcceptedBy<Head>, In>, ...Linked<Output<In, GivenBy<Head>>, Rest>]
    : B extends readonly [] ? [] : B

export type LastOf<In extends Signal, B extends readonly Blueprint[]> =
  B extends readonly [infer Head extends Blueprint, ...infer Rest extends readonly Blueprint[]] ? LastOf<Output<In, GivenBy<Head>>, Rest>
  : B extends readonly [] ? In : Signal

export type StatesOf<B extends readonly Blueprint[]> = { readonly [I in keyof B]: StateOf<B[I]> }

