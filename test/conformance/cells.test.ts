import { describeLayer } from '@recurra/testing/vitest'
import { gru, gruResetBefore, indRnn, layerNormLstm, lru, lstm, minGru, minLstm, peepholeLstm, rnn, rnnRelu, type RecurrentOptions } from '@recurra/rnn'
import type { Blueprint } from '@recurra/layers'
import { fast as backends } from './backends.ts'

const cells: Readonly<Record<string, (size: number, options?: Pick<RecurrentOptions, 'reverse'>) => Blueprint>> = {
  rnn, rnnRelu, lstm, peepholeLstm, gru, gruResetBefore, minGru, minLstm, indRnn, lru,
}

for (const [name, cell] of Object.entries(cells)) {
  describeLayer(name, cell, { backends })
  describeLayer(`${name} reverse`, (size) => cell(size, { reverse: true }))
}

// The square of a huge number is infinite, and so is its variance. Where three units are nearly alike, a normalised one
// turns faster than differences can follow: with this seed they are not.
const normalised = { extremes: [1e4], seed: 3 }
describeLayer('layerNormLstm', layerNormLstm, { ...normalised, backends })
describeLayer('layerNormLstm reverse', (size) => layerNormLstm(size, { reverse: true }), normalised)
