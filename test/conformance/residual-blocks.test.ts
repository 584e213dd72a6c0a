import {
  activation, dense, embedding, gated, residual, rmsNorm, Sequential, stack, type Blueprint,
} from '@recurra/layers'
import { gru } from '@recurra/rnn'
import { describeLayer } from '@recurra/testing/vitest'
import { fast as backends } from './backends.ts'

const swiGlu = (size: number): Blueprint => gated([dense(size)], [dense(size), activation('silu')])

const block = (size: number): Blueprint => ({
  type: 'sequential',
  build: (input, context) => new Sequential(input, [
    embedding(size),
    stack(2, residual([rmsNorm(), gru(size), swiGlu(size + 1), dense(size)])),
    rmsNorm(),
    dense(2),
  ], context),
})
describeLayer('residual blocks with a gated recurrence', block, { input: 'tokens', backends })
