import { attention, dense, embedding, tokens, vector, type Sequence, type Tokens, type Vector } from '@recurra/layers'
import { expectTypeOf } from 'vitest'
import { encoderDecoder, gru, last } from '../index.ts'

const model = encoderDecoder({
  source: tokens(6),
  encoder: [embedding(3), gru(4)],
  target: tokens(5),
  decoder: [embedding(3), gru(4), attention({ score: 'dot' }), dense(5)],
})
expectTypeOf(model.source).toEqualTypeOf<Tokens<6>>()
expectTypeOf(model.in).toEqualTypeOf<Tokens<5>>()
expectTypeOf(model.out).toEqualTypeOf<Sequence<5>>()
expectTypeOf(
  encoderDecoder({ source: vector(6), encoder: [dense(4)], target: 3, decoder: [gru(4), last()] }).out,
).toEqualTypeOf<Vector<4>>()

// A misfit is underlined on either side.
encoderDecoder({
  source: tokens(6),
  // @ts-expect-error "expects a sequence, gets tokens"
  encoder: [gru(4)],
  target: tokens(5),
  decoder: [embedding(3), gru(4)],
})
encoderDecoder({
  source: vector(6),
  encoder: [dense(4)],
  target: tokens(5),
  // @ts-expect-error "expects tokens, gets a sequence of 3 features"
  decoder: [embedding(3), embedding(4)],
})
encoderDecoder({
  source: vector(6),
  encoder: [dense(4)],
  target: tokens(5),
  decoder: [embedding(3), gru(4)],
  // @ts-expect-error Type '"nothing"' is not assignable to type 'StartName'.
  start: 'nothing',
})
