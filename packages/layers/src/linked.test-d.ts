import { expectTypeOf } from 'vitest'
import {
  activation, dense, dropout, embedding, layerNorm, named, oneHot, sequence, sequential, stack, tokens, vector,
} from './index.ts'
import type { Blueprint, Same, Sequence, Signal, Tokens, Variable, Vector } from './index.ts'

declare const wants32: Blueprint<Sequence<32>, Sequence<8>, {}>
declare const wantsVector: Blueprint<Vector, Vector<3>, {}>
declare const remembers: Blueprint<Sequence, Same, { readonly h: Variable }>
declare const signal: Signal
declare const size: number

// The output and the states are inferred.
const model = sequential(4, [dense(64), remembers, dropout(0.1), stack(2, remembers), activation('tanh'), dense(2)])
expectTypeOf(model.in).toEqualTypeOf<Sequence<4>>()
expectTypeOf(model.out).toEqualTypeOf<Sequence<2>>()
type States = readonly [{}, { readonly h: Variable }, {}, readonly { readonly h: Variable }[], {}, {}]
expectTypeOf<ReturnType<typeof model.plan>['final']>().toEqualTypeOf<States>()
expectTypeOf(sequential(vector(4), [dense(2), layerNorm()]).out).toEqualTypeOf<Vector<2>>()
expectTypeOf(sequential(tokens(9), [oneHot()]).out).toEqualTypeOf<Sequence<9>>()
expectTypeOf(sequential(tokens(9), [embedding(3), dense(9)]).in).toEqualTypeOf<Tokens<9>>()
expectTypeOf(sequential(sequence(3), [named('head', dense(2))]).out).toEqualTypeOf<Sequence<2>>()

// A misfit is underlined where it stands, with a sentence that says why.
sequential(4, [
  dense(64),
  // @ts-expect-error is not assignable to type '"expects 32 features, gets 64"'.
  wants32,
])
sequential(4, [
  dense(32),
  dropout(0.1),
  wants32,
  dense(3),
  // @ts-expect-error "expects 32 features, gets 3"
  named('again', wants32),
  dense(8),
])
sequential(4, [
  dense(16),
  // @ts-expect-error "expects 32 features, gets 16"
  stack(3, wants32),
])
sequential(tokens(5), [
  // @ts-expect-error "expects features, gets tokens"
  dense(3),
])
sequential(vector(5), [
  // @ts-expect-error "expects a sequence, gets one vector of 5 features"
  remembers,
])
sequential(3, [
  // @ts-expect-error "expects tokens, gets a sequence of 3 features"
  embedding(4),
])
sequential(3, [
  dense(4),
  // @ts-expect-error "expects a vector, gets a sequence of 4 features"
  wantsVector,
])

// What only run time knows is left to run time.
sequential(size, [wants32])
sequential(signal, [wants32])
sequential(4, [dense(size), wants32])
sequential(4, [dense(3) as Blueprint, wants32])
sequential(4, [dense(3)] as Blueprint[])
