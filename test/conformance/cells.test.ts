import { describeLayer } from '@recurra/testing/vitest'
import { gru, gruResetBefore, lstm, minGru, peepholeLstm, rnn, rnnRelu } from '@recurra/rnn'
import { fast as backends } from './backends.ts'

const cells = { rnn, rnnRelu, lstm, peepholeLstm, gru, gruResetBefore, minGru }

for (const [name, cell] of Object.entries(cells)) {
  describeLayer(name, cell, { backends })
  describeLayer(`${name} reverse`, (size) => cell(size, { reverse: true }))
}
