import { expectTypeOf } from 'vitest'
import {
  adam, bidirectional, characters, dense, dropout, embedding, gru, last, lstm, oneHot, repeat, rnn, sequential,
  softmaxCrossEntropy, stack, tokens, Trainer, vector,
} from 'recurra'
import type { Layer, Sequential, Tensor } from 'recurra'

// Everything is inferred along the way, and a model goes wherever a layer or a model is asked for, without a cast.
const model = sequential(tokens(65), [embedding(8), stack(2, lstm(256)), dropout(0.2), dense(65)])
expectTypeOf(model.out.size).toEqualTypeOf<65>()
expectTypeOf(model.plan).returns.toHaveProperty('final')
expectTypeOf<ReturnType<typeof model.plan>['final'][1][number]>().toHaveProperty('c')
expectTypeOf(model).toExtend<Layer>()
expectTypeOf(model).toExtend<Sequential>()
expectTypeOf(
  new Trainer(model, { loss: softmaxCrossEntropy(), optimizer: adam(), steps: 3, batch: 1 }).step,
).returns.toEqualTypeOf<number>()
expectTypeOf(model.stream().step).returns.toEqualTypeOf<Tensor>()

const text = characters('abc')
expectTypeOf(sequential(text.tokens, [oneHot(), { a: rnn, b: gru }['a'](8), dense(text.size)])).toExtend<Sequential>()
expectTypeOf(sequential(4, [gru(8), last(), dense(3)]).out.kind).toEqualTypeOf<'vector'>()
expectTypeOf(sequential(vector(4), [repeat(5), gru(8), dense(3)]).out.kind).toEqualTypeOf<'sequence'>()

sequential(tokens(5), [
  // @ts-expect-error "expects a sequence, gets tokens"
  lstm(3),
])
sequential(3, [
  last(),
  // @ts-expect-error "expects a sequence, gets one vector of 3 features"
  gru(3),
])
sequential(3, [
  bidirectional((options) => gru(8, options)),
  last(),
  // @ts-expect-error "expects a sequence, gets one vector of 16 features"
  last(),
])
// @ts-expect-error Property 'c' does not exist
expectTypeOf(sequential(3, [gru(3)]).plan({} as never, {} as never).final[0].c)
