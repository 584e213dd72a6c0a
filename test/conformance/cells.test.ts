import { describeLayer } from '@recurra/testing/vitest'
import { gru, gruResetBefore, indRnn, lru, lstm, minGru, minLstm, peepholeLstm, rnn, rnnRelu, type RecurrentOptions } from '@recurra/rnn'
import type { Blueprint } from '@recurra/layers'
import { fast as backends } from './backends.ts'

const cells: Readonly<Record<string, (size: number, options?: Pick<RecurrentOptions, 'reverse'>) => Blueprint>> = {
  rnn, rnnRelu, lstm, peepholeLstm, gru, gruResetBefore, minGru, minLstm, indRnn, lru,
}

for (const [name, cell] of Object.entries(cells)) {
  describeLayer(name, cell, { backends })
  describeLayer(`${name} reverse`, (size) => cell(size, { reverse: true }))
}
