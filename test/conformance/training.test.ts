import { bytesPerCall, onceMore } from '@recurra/testing'
import {
  adagrad, adam, cosineDecay, dense, dropout, embedding, gru, layerNorm, lstm, rmsprop, sequential, sgd,
  softmaxCrossEntropy, tokens, Trainer, warmUp, type TrainerOptions,
} from 'recurra'
import { describe, expect, it } from 'vitest'
import { backends } from './backends.ts'

const variants: Record<string, Pick<TrainerOptions, 'optimizer' | 'clip' | 'padded' | 'carry'>> = {
  'Adam, clipped by norm': { optimizer: adam({ amsgrad: true }), clip: { norm: 1e-3 } },
  'Adagrad, clipped by value, state carried': {
    optimizer: adagrad({ learningRateDecay: 0.1 }),
    clip: { value: 1e-3 },
    carry: true,
  },
  'SGD with a schedule': {
    optimizer: sgd({ learningRate: warmUp(10, cosineDecay(1e-3, { steps: 1e6 })), momentum: 0.9, dampening: 0.1 }),
  },
  'padded batches': { optimizer: rmsprop({ centered: true }), padded: true },
  'with an initial state': { optimizer: sgd() },
}
const initialState = { '1.h': [0.1, 0.2, 0.3, 0.4, 0, 0, 0, 0], '4.h': [0, 0, 0, 0, 0.1, 0.2, 0.3, 0.4] }

/**
 * V8 puts a number on the heap, 16 bytes, where one function gives it to another that it is not compiled into: three or
 * four in a step (the loss of the batch, its mean, the norm), whatever the network is. The smallest object takes 40 on
 * top.
 */
const limit = 5.5 * 16

describe.each(Object.entries(backends))('a warm training step allocates nothing: %s', (_, make) => {
  it.each(Object.entries(variants))('%s', onceMore, async (name, options) => {
    const model = sequential(tokens(5), [embedding(3), lstm(4), layerNorm(), dropout(0.1), gru(4), dense(5)], {
      backend: make(),
    })
    const trainer = new Trainer(model, { loss: softmaxCrossEntropy({ ignore: -1 }), steps: 4, batch: 2, ...options })
    const batch = {
      x: [0, 1, 2, 3, 4, 3, 2, 1], target: [1, 2, 3, 4, 3, 2, 1, -1],
      ...(options.padded && { lengths: [4, 2] }), ...(name === 'with an initial state' && { initialState }),
    }
    expect(await bytesPerCall(() => trainer.step(batch), limit)).toBeLessThan(limit)
  })
})
